use quarterday_plan::feeds::DistrictRule;

use super::*;

#[test]
fn a_good_row_is_left_as_it_is() {
    let rows = accepted(&good());
    assert_eq!(text(&rows, "ref").as_deref(), Some("L1"));
    assert_eq!(text(&rows, "ward").as_deref(), Some("E05005146"));
}

#[test]
fn feed_and_partner_are_the_topics() {
    assert_eq!(
        rejected(&with(json!({"feed": "davss-referrals"}))),
        (
            Reason::WrongFeed,
            "feed: is \"davss-referrals\", and this topic takes only \"cctv-incidents\"".to_owned()
        )
    );
    let (reason, message) = rejected(&with(json!({"partner": "Somebody Else"})));
    assert_eq!(reason, Reason::WrongPartner);
    assert!(!message.contains("Somebody"), "{message}");
}

#[test]
fn references_are_trimmed_and_in_upper_case() {
    let reference = |given: &str| text(&accepted(&with(json!({"ref": given}))), "ref").unwrap();
    assert_eq!(reference("  l-1/a "), "L-1/A");
    assert_eq!(reference(" L1"), "L1");
    assert_eq!(reference("straße é"), "STRASSE É");
    assert_eq!(reference(&"é".repeat(64)), "É".repeat(64));
}

#[test]
fn references_that_are_none() {
    let mut empty = withdrawal(json!({}));
    empty["ref"] = json!(" ");
    assert_eq!(rejected(&empty).0, Reason::BadRef);
    for given in ["a\nb", &"X".repeat(65), &"é".repeat(65)] {
        assert_eq!(
            rejected(&with(json!({"ref": given}))).0,
            Reason::BadRef,
            "{given:?}"
        );
    }
}

#[test]
fn versions_begin_at_one() {
    let expected = (
        Reason::BadVersion,
        "version: versions are numbered from 1".to_owned(),
    );
    assert_eq!(rejected(&with(json!({"version": 0}))), expected);
    assert_eq!(rejected(&with(json!({"version": -1}))), expected);
}

#[test]
fn sent_at_is_plausible() {
    let (reason, message) = rejected(&with(json!({"sent_at": "1970-01-17T00:00:00Z"})));
    assert_eq!(reason, Reason::BadDate);
    assert!(
        message.starts_with("sent_at: is not between the years 2000 and 2099"),
        "{message}"
    );
}

fn withdrawal(changes: Value) -> Value {
    let mut record = json!({
        "feed": "cctv-incidents", "partner": "TWBC_CCTV", "ref": "L1", "op": "WITHDRAW", "version": 2,
        "reason": "Error", "sent_at": "2014-07-01T09:00:00Z", "body": null
    });
    for (key, value) in changes.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

#[test]
fn a_withdrawal_has_a_reason_and_needs_no_district() {
    let rows = accepted(&withdrawal(json!({})));
    assert_eq!(text(&rows, "reason").as_deref(), Some("ERROR"));
    assert!(!rows.has_body(0));
    assert_eq!(
        rejected(&withdrawal(json!({"reason": null}))),
        (
            Reason::MissingReason,
            "reason: a WITHDRAW needs a reason; use one of DUPLICATE, ERROR".to_owned()
        )
    );
}

#[test]
fn bodies_where_they_belong() {
    let body = json!({
        "occurred_at": "2014-06-30T23:30:00Z", "incident_type": "ASB", "monitored": true, "arrests": 0
    });
    assert_eq!(
        rejected(&withdrawal(json!({"body": body}))).0,
        Reason::UnexpectedBody
    );
    assert_eq!(
        rejected(&withdrawal(json!({"op": "AMEND"}))).0,
        Reason::MissingBody
    );
}

#[test]
fn a_district_is_a_gss_code() {
    assert_eq!(
        text(&accepted(&with(json!({"district": " e07000115 "}))), "district").as_deref(),
        Some("E07000115")
    );
    assert_eq!(
        rejected(&with(json!({"district": "TUNBRIDGE"}))),
        (
            Reason::BadDistrict,
            "district: \"TUNBRIDGE\" is no GSS code of a district; give one such as E07000116".to_owned()
        )
    );
    for county_or_ward in ["E10000016", "E05005146"] {
        assert_eq!(
            rejected(&with(json!({"district": county_or_ward}))).0,
            Reason::BadDistrict
        );
    }
}

#[test]
fn a_missing_district_is_the_default_or_a_rejection() {
    assert_eq!(
        rejected(&with(json!({"district": null}))).0,
        Reason::DistrictMissing
    );
    let feed = Feed {
        district: DistrictRule::Default("E07000116".to_owned()),
        ..feed()
    };
    let (rows, _) = judge_with(&feed, &with(json!({"district": null}))).unwrap();
    assert_eq!(text(&rows, "district").as_deref(), Some("E07000116"));
    // A ward of elsewhere says that the record is not of the feed's own district.
    let elsewhere = json!({"district": null, "ward": "E05004977"});
    let rejection = judge_with(&feed, &with(elsewhere)).unwrap_err();
    assert_eq!(
        (rejection.reason, rejection.to_string()),
        (
            Reason::DistrictMissing,
            "district: the ward \"E05004977\" is none of this district; give the GSS code of the record's district"
                .to_owned()
        )
    );
    judge_with(
        &feed,
        &with(json!({"district": "E07000110", "ward": "E05004977"})),
    )
    .unwrap();
}

#[test]
fn wards_by_any_spelling() {
    let ward = |given: &str| text(&accepted(&with(json!({"ward": given}))), "ward").unwrap();
    assert_eq!(ward("St. James"), "E05005144");
    assert_eq!(ward("SHERWOOD"), "E05005146");
    assert_eq!(ward("E05004977"), "E05004977");
    assert_eq!(text(&accepted(&with(json!({"ward": null}))), "ward"), None);
    for given in ["Sherwod", "E07000116"] {
        let (reason, message) = rejected(&with(json!({"ward": given})));
        assert_eq!(reason, Reason::UnknownCode);
        assert!(
            message.starts_with(&format!("ward: \"{given}\" is not on the list ward")),
            "{message}"
        );
    }
}
