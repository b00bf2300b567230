//! The rules of the envelope, the same for every feed.

use quarterday_plan::codes::CodeList;
use quarterday_plan::feeds::DistrictRule;

use super::codes;
use super::forms::{Span, is_district, is_gss};
use super::rejection::{Reason, Rejection};
use crate::columns::Columns;
use crate::quote::quote;

/// Longest reference, in characters.
pub(super) const MAX_REF: usize = 64;

/// The envelope's columns and what the feed wants in them.
#[derive(Debug)]
pub(super) struct Envelope {
    pub(super) columns: EnvelopeColumns,
    pub(super) feed: String,
    pub(super) partner: Partner,
    pub(super) district: DistrictRule,
    pub(super) wards: CodeList,
    pub(super) reasons: CodeList,
    /// The position of the symbol WITHDRAW.
    pub(super) withdraw: u8,
}

/// Whose records the feed takes.
#[derive(Debug)]
pub(super) enum Partner {
    /// Those of the partner with this code.
    Only(String),
    /// Those of every partner on the list.
    Any(Box<CodeList>),
}

/// Positions of the envelope's columns.
#[derive(Debug)]
pub(super) struct EnvelopeColumns {
    pub(super) feed: usize,
    pub(super) partner: usize,
    pub(super) reference: usize,
    pub(super) op: usize,
    pub(super) version: usize,
    pub(super) reason: usize,
    pub(super) sent_at: usize,
    pub(super) district: usize,
    pub(super) ward: usize,
}

impl Envelope {
    pub(super) fn judge(&self, rows: &mut Columns, row: usize) -> Result<(), Rejection> {
        let columns = &self.columns;
        same(rows.str(columns.feed, row), &self.feed, Reason::WrongFeed, "feed")?;
        self.judge_partner(rows.str(columns.partner, row))?;
        self.judge_ref(rows, row)?;
        if rows
            .integer(columns.version, row)
            .is_none_or(|version| version < 1)
        {
            return Err(Rejection::new(
                Reason::BadVersion,
                "version",
                "versions are numbered from 1",
            ));
        }
        Span::SENT.judge(rows.integer(columns.sent_at, row), "sent_at")?;
        let is_withdrawal = rows.symbol(columns.op, row) == Some(self.withdraw);
        self.judge_body(rows, row, is_withdrawal)?;
        codes::judge(&self.reasons, "reason", columns.reason, rows, row)?;
        let is_unsaid = rows
            .str(columns.district, row)
            .is_none_or(|given| given.trim().is_empty());
        self.judge_district(rows, row, is_withdrawal)?;
        self.judge_ward(rows, row)?;
        if is_unsaid {
            self.judge_place(rows, row)
        } else {
            Ok(())
        }
    }

    /// A partner's code must be the code itself: it is part of the message's key too, which nobody mends.
    fn judge_partner(&self, given: Option<&str>) -> Result<(), Rejection> {
        match &self.partner {
            Partner::Only(code) => same(given, code, Reason::WrongPartner, "partner"),
            Partner::Any(list) if list.codes().any(|code| Some(code) == given) => Ok(()),
            Partner::Any(list) => {
                let given = given.unwrap_or_default();
                let meant = list.normalise(given).unwrap_or("CSU");
                let detail = format!(
                    "{} is no code of a partner; give it as the list of partners has it, such as {meant}",
                    quote(given)
                );
                Err(Rejection::new(Reason::WrongPartner, "partner", detail))
            }
        }
    }

    fn judge_ref(&self, rows: &mut Columns, row: usize) -> Result<(), Rejection> {
        let bad = |detail: &str| Rejection::new(Reason::BadRef, "ref", detail);
        let column = self.columns.reference;
        let given = rows.str(column, row).unwrap_or_default();
        let trimmed = given.trim();
        if trimmed.is_empty() {
            return Err(bad("is empty; give the partner's own reference for the record"));
        }
        if trimmed.chars().any(char::is_control) {
            return Err(bad(
                "has control characters or line breaks; send the reference alone",
            ));
        }
        if !is_upper_case(trimmed) {
            let upper = trimmed.to_uppercase();
            rows.replace_last_str(column, &upper);
        } else if trimmed.len() < given.len() {
            let trimmed = trimmed.to_owned();
            rows.replace_last_str(column, &trimmed);
        }
        let reference = rows.str(column, row).unwrap_or_default();
        if reference.len() > MAX_REF && reference.chars().count() > MAX_REF {
            return Err(bad(
                "has more than 64 characters; send a shorter reference that stays the same",
            ));
        }
        Ok(())
    }

    fn judge_body(&self, rows: &Columns, row: usize, is_withdrawal: bool) -> Result<(), Rejection> {
        match (is_withdrawal, rows.has_body(row)) {
            (true, true) => Err(Rejection::new(
                Reason::UnexpectedBody,
                "body",
                "a WITHDRAW carries no body; send null, or use AMEND to change the record",
            )),
            (false, false) => Err(Rejection::new(
                Reason::MissingBody,
                "body",
                "SUBMIT and AMEND carry the whole record; send the body, or use WITHDRAW to take the record back",
            )),
            (true, false) if rows.is_null(self.columns.reason, row) => {
                let codes = codes::some_of(&self.reasons);
                Err(Rejection::new(
                    Reason::MissingReason,
                    "reason",
                    format!("a WITHDRAW needs a reason{codes}"),
                ))
            }
            _ => Ok(()),
        }
    }

    fn judge_district(&self, rows: &mut Columns, row: usize, is_withdrawal: bool) -> Result<(), Rejection> {
        let column = self.columns.district;
        let Some(given) = rows.str(column, row).filter(|given| !given.trim().is_empty()) else {
            return match &self.district {
                DistrictRule::Default(code) => {
                    rows.replace_last_str(column, code);
                    Ok(())
                }
                DistrictRule::Optional => {
                    rows.clear_last_str(column);
                    Ok(())
                }
                DistrictRule::Required if is_withdrawal => Ok(()),
                DistrictRule::Required => Err(Rejection::new(
                    Reason::DistrictMissing,
                    "district",
                    "this feed covers several districts; give the GSS code of the record's, such as E07000116",
                )),
            };
        };
        if is_district(given) {
            return Ok(());
        }
        let mended = given.trim().to_ascii_uppercase();
        if !is_district(&mended) {
            let detail = format!(
                "{} is no GSS code of a district; give one such as E07000116",
                quote(given.trim())
            );
            return Err(Rejection::new(Reason::BadDistrict, "district", detail));
        }
        rows.replace_last_str(column, &mended);
        Ok(())
    }

    /// The list has the wards of the partnership's own district; a ward of another district keeps its GSS code.
    fn judge_ward(&self, rows: &mut Columns, row: usize) -> Result<(), Rejection> {
        let column = self.columns.ward;
        match rows.str(column, row) {
            Some(ward) if is_ward(ward) => Ok(()),
            _ => codes::judge(&self.wards, "ward", column, rows, row),
        }
    }

    /// Where the district was filled in, the ward must be one of its own.
    fn judge_place(&self, rows: &Columns, row: usize) -> Result<(), Rejection> {
        let (district, ward) = (
            rows.str(self.columns.district, row),
            rows.str(self.columns.ward, row),
        );
        match (district, ward) {
            (Some(_), Some(ward)) if !self.wards.codes().any(|code| code == ward) => {
                let detail = format!(
                    "the ward {} is none of this district; give the GSS code of the record's district",
                    quote(ward)
                );
                Err(Rejection::new(Reason::DistrictMissing, "district", detail))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a text can be a record's reference as it stands: not empty, on one line, not too long.
#[must_use]
pub fn is_well_formed_ref(text: &str) -> bool {
    let is_short = text.len() <= MAX_REF || text.chars().count() <= MAX_REF;
    !text.trim().is_empty() && is_short && !text.chars().any(char::is_control)
}

fn same(given: Option<&str>, wanted: &str, reason: Reason, field: &str) -> Result<(), Rejection> {
    if given == Some(wanted) {
        return Ok(());
    }
    let given = quote(given.unwrap_or_default());
    Err(Rejection::new(
        reason,
        field,
        format!("is {given}, and this topic takes only \"{wanted}\""),
    ))
}

fn is_upper_case(text: &str) -> bool {
    if text.is_ascii() {
        !text.bytes().any(|byte| byte.is_ascii_lowercase())
    } else {
        text.chars().all(|c| c.to_uppercase().eq([c]))
    }
}

/// The GSS codes that stand for electoral wards.
fn is_ward(code: &str) -> bool {
    is_gss(code)
        && ["E05", "W05", "S13", "N08"]
            .iter()
            .any(|prefix| code.starts_with(prefix))
}
