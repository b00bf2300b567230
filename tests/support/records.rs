//! A record for tests that need one and do not care which.

use serde_json::{Value, json};

/// A monitored act of violence of 1 May 2015 in this district.
pub(crate) fn cctv_incident(reference: &str, district: &str) -> Value {
    json!({
        "feed": "cctv-incidents", "partner": "TWBC_CCTV", "ref": reference, "op": "SUBMIT", "version": 1,
        "sent_at": "2015-05-01T12:00:00Z", "district": district,
        "body": {
            "occurred_at": "2015-05-01T11:00:00Z", "incident_type": "VIOLENCE", "instigated_by": "POLICE",
            "monitored": true, "arrests": 0, "camera_area": "HIGH-ST",
        },
    })
}
