//! The catalogues of domain.md, sections 1 and 2, by hand: what each number counts.

mod priority_1;
mod priority_2;
mod priority_3;
mod priority_4;
mod priority_5;
mod review;
mod review_areas;

use jiff::civil::Date;

use super::count::{Cell, Change, Counting, Definition, Form, Headed, Rows, Rule};
use crate::oracle::records::{
    Activity, AsbCase, Code, Engagement, FamilyCase, Kind, Order, Record, Referral,
};

/// All 72 measures, the 58 figures that can be computed, and the milestones of 2014/15.
pub fn definitions() -> Vec<Definition> {
    let mut all = Vec::new();
    all.extend(priority_1::measures());
    all.extend(priority_2::measures());
    all.extend(priority_3::measures());
    all.extend(priority_4::measures());
    all.extend(priority_5::measures());
    all.extend(review::figures());
    all.extend(review_areas::figures());
    all
}

/// A number that is a count of records of one type.
fn counted<T: Record>(id: &'static str, scope: &'static [Code], of: Counting) -> Definition {
    Definition::new(id, T::KIND, scope, Rule::Count(of))
}

fn percent<T: Record>(id: &'static str, of: Counting) -> Definition {
    change::<T>(id, Form::Percent, None, of)
}

fn change<T: Record>(id: &'static str, form: Form, since: Option<Date>, of: Counting) -> Definition {
    Definition::new(id, T::KIND, &[], Rule::Change(Change { of, form, since }))
}

fn milestones(id: &'static str, expected: i64, done: Counting) -> Definition {
    Definition::new(id, Kind::Milestone, &[], Rule::Milestones { done, expected }).at_end()
}

fn referrals_to<'w>(cell: &Cell<'w>, service: Code) -> Rows<'w, Referral> {
    cell.rows::<Referral>().filter(|r| r.to_service == service)
}

fn engagements<'w>(cell: &Cell<'w>, services: &[Code]) -> Rows<'w, Engagement> {
    cell.rows::<Engagement>()
        .filter(|r| services.contains(&r.service))
}

/// YP: where the plan says no more than "young people".
fn young(engagement: &Engagement) -> bool {
    ["10-17", "18-19"].contains(&engagement.age_band)
}

/// Families on the books on any day of the period.
fn on_the_books<'w>(cell: &Cell<'w>, programme: Code) -> Rows<'w, FamilyCase> {
    cell.rows::<FamilyCase>()
        .filter(|r| r.programme == programme)
        .on_some_day(|r| (r.engaged_from, r.closed_on))
}

/// Activities of a type of which the sender's row counts.
fn led<'w>(cell: &Cell<'w>, types: &[Code]) -> Rows<'w, Activity> {
    cell.rows::<Activity>()
        .filter(|r| r.lead && types.contains(&r.activity_type))
}

/// HELD: activities that have taken place, by their first day.
fn held<'w>(cell: &Cell<'w>, activity_type: Code) -> Rows<'w, Activity> {
    led(cell, &[activity_type])
        .filter(|r| r.status == "HELD" || r.status == "COMPLETED")
        .on(|r| r.held_on)
}

fn orders<'w>(cell: &Cell<'w>, order_type: Code) -> Rows<'w, Order> {
    cell.rows::<Order>().filter(|r| r.order_type == order_type)
}

/// In force on a day (G6).
fn in_force(order: &Order, day: Date) -> bool {
    order.start_on <= day
        && order.end_on.is_none_or(|end| end > day)
        && order.lifted_on.is_none_or(|lifted| lifted > day)
}

/// The risk that an ASB case had on a day: that of the last entry not after it.
fn risk_on(case: &AsbCase, day: Date) -> Option<Code> {
    let known = case.risks.iter().rev().find(|(on, _)| *on <= day);
    known.map(|(_, risk)| *risk)
}

/// People by the day of contact.
fn people_met<T: Headed>(rows: Rows<'_, T>, on: fn(&T) -> Date) -> super::count::Count {
    rows.on(on).people()
}
