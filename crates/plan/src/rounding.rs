//! The one rounding rule of every printed figure: half away from zero, on the decimal that a reader sees.
//!
//! SQL does the rounding of computed measures; this is the same rule for checks, reports and oracles.

/// Below this a binary double is so much finer than the last decimal that a near tie can only be a tie.
const NEAR_TIES_BELOW: f64 = 1e12;

/// Rounds to so many decimals, half away from zero: 2.5 gives 3, -2.5 gives -3. A value that is a tie but for its
/// binary representation (1.005) counts as the tie it is on paper. Infinities, NaN and numbers too large to scale come
/// back unchanged.
pub fn round_half_away(value: f64, decimals: u8) -> f64 {
    let scale = 10f64.powi(i32::from(decimals));
    let scaled = value * scale;
    if !scaled.is_finite() {
        return value;
    }
    let nudge = if scaled.abs() < NEAR_TIES_BELOW {
        2.0 * f64::EPSILON * scaled
    } else {
        0.0
    };
    // Adding zero turns -0 into 0, which is how it is printed.
    (scaled + nudge).round() / scale + 0.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ties_go_away_from_zero() {
        for (value, decimals, rounded) in [
            (2.5, 0, 3.0),
            (-2.5, 0, -3.0),
            (0.5, 0, 1.0),
            (-0.5, 0, -1.0),
            (-2.95, 1, -3.0),
            (2.45, 1, 2.5),
            (1.005, 2, 1.01),
            (0.25, 1, 0.3),
            (-8.5, 0, -9.0),
        ] {
            assert_eq!(round_half_away(value, decimals), rounded, "{value} at {decimals}");
        }
    }

    #[test]
    fn what_is_no_tie_goes_to_the_nearest() {
        for (value, decimals, rounded) in [
            (2.499_999, 0, 2.0),
            (-2.951_456, 0, -3.0),
            (-8.983, 0, -9.0),
            (31.692_307, 1, 31.7),
            (-0.4, 0, 0.0),
        ] {
            assert_eq!(round_half_away(value, decimals), rounded, "{value} at {decimals}");
        }
        assert!(round_half_away(-0.4, 0).is_sign_positive());
    }

    proptest! {
        #[test]
        fn rounding_is_symmetric_and_settles(value in -1e9f64..1e9, decimals in 0u8..=6) {
            let rounded = round_half_away(value, decimals);
            prop_assert_eq!(round_half_away(-value, decimals), -rounded + 0.0);
            prop_assert_eq!(round_half_away(rounded, decimals), rounded);
            prop_assert!((rounded - value).abs() <= 0.500_001 / 10f64.powi(i32::from(decimals)) + 1e-6);
        }

        #[test]
        fn exact_decimal_ties_go_away_from_zero(whole in 0u32..1_000_000, decimals in 0u8..=4) {
            let scale = 10f64.powi(i32::from(decimals));
            let tie: f64 = (f64::from(whole) + 0.5) / scale;
            prop_assert_eq!(round_half_away(tie, decimals), f64::from(whole + 1) / scale);
        }

        #[test]
        fn any_value_has_an_answer(value in any::<f64>(), decimals in any::<u8>()) {
            let _ = round_half_away(value, decimals);
        }
    }
}
