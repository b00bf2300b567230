//! The page.

use quarterday_plan::plan::Audience;

use super::fixture::{long, report};
use crate::html::page;

fn body(page: &str) -> String {
    // The style is a file of its own.
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    format!("{head}{body}").replace("><", ">\n<")
}

#[test]
fn the_page_for_analysts() {
    insta::assert_snapshot!(body(&page(&report(Audience::Restricted))));
}

#[test]
fn the_page_for_everybody() {
    insta::assert_snapshot!(body(&page(&report(Audience::Public))));
}

#[test]
fn it_is_one_file_without_scripts_and_with_everything_escaped() {
    let page = page(&report(Audience::Restricted));
    for loaded in ["<script", "src=", "<link", "@import", "url("] {
        assert!(!page.contains(loaded), "{loaded}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;"));
    assert!(page.contains("Cyngor Sir Gâr, Łódź Żółć"));
    assert!(page.contains("<html lang=\"en-GB\">"));
}

#[test]
fn what_is_hidden_is_not_in_it() {
    let page = page(&report(Audience::Public));
    assert!(page.contains("&lt;5"));
    assert!(
        !page.contains("Two more"),
        "a comment with a number, of a number that is hidden"
    );
    assert!(page.contains("The shop moved."));
    for proof in ["abc123", "c0ffee", "scheduler"] {
        assert!(!page.contains(proof), "{proof}");
    }
}

#[test]
fn every_address_in_the_page_is_there_once() {
    for report in [report(Audience::Restricted), long(300)] {
        let page = page(&report);
        let addresses = page.split("href=\"#").skip(1);
        for address in addresses.map(|rest| rest.split('"').next().unwrap()) {
            assert_eq!(page.matches(&format!("id=\"{address}\"")).count(), 1, "{address}");
        }
    }
}

/// As WCAG 2.2 computes it: 4.5 for texts (AA).
#[test]
fn colours_can_be_told_from_what_is_behind_them() {
    let style = include_str!("../html/style.css");
    let colour = |name: &str| {
        let (_, rest) = style.split_once(&format!("--{name}: #")).unwrap();
        u32::from_str_radix(&rest[..6], 16).unwrap()
    };
    for front in ["ink", "soft", "blue", "good", "bad"] {
        for behind in [0x00FF_FFFF, colour("tint"), 0x00FF_F6E5] {
            let ratio = contrast(colour(front), behind);
            assert!(ratio >= 4.5, "{front} on {behind:06x}: {ratio}");
        }
    }
}

fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: u32) -> f64 {
    let part = |shift: u32| {
        let part = f64::from((colour >> shift) & 0xFF) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}
