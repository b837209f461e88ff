//! `dec!`: decimals in source code.
//!
//! `rust_decimal` has a macro of this name. It cannot be re-exported: its expansion names the crate
//! `rust_decimal`, on which a user of a generated crate does not depend. It also makes every user
//! build a procedural macro and `syn`.

use rust_decimal::Decimal;

/// Creates a [`Decimal`] from digits, at compile time and exactly.
///
/// ```
/// use venuekit::{Decimal, dec};
///
/// const TICK: Decimal = dec!(0.00000001);
/// assert_eq!(dec!(-1_234.50).to_string(), "-1234.50");
/// assert_eq!(TICK + dec!(1), dec!(1.00000001));
/// ```
///
/// An argument of any other form fails to compile, such as an exponent, a variable, or more digits
/// than a decimal holds.
///
/// ```compile_fail
/// venuekit::dec!(1e5);
/// ```
///
/// ```compile_fail
/// venuekit::dec!(0.12345678901234567890123456789);
/// ```
#[macro_export]
macro_rules! dec {
    ($($digits:tt)+) => {
        const { $crate::codegen::decimal(::core::concat!($(::core::stringify!($digits)),+)) }
    };
}

/// Parses the argument of [`dec!`](crate::dec), and panics if it is not valid. The macro calls this
/// in a `const` block, so the panic is an error of the compiler.
#[doc(hidden)]
#[expect(clippy::panic, reason = "it is evaluated by the compiler, whose error it is")]
pub const fn decimal(text: &str) -> Decimal {
    const HELP: &str = "`dec!` takes digits with at most one point, such as `dec!(-1.50)`";
    let (is_negative, mut rest) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let (mut value, mut scale, mut has_point, mut has_digit) = (0_u128, 0, false, false);
    while let [byte, next @ ..] = rest {
        match byte {
            b'0'..=b'9' => {
                // `value` has at most 96 bits before this, so 128 bits cannot overflow.
                value = value * 10 + (*byte - b'0') as u128;
                has_digit = true;
                if has_point {
                    scale += 1;
                }
                if value >> 96 != 0 || scale > Decimal::MAX_SCALE {
                    panic!("these are more digits than a decimal holds");
                }
            }
            b'.' if !has_point => has_point = true,
            b'_' => {}
            _ => panic!("{}", HELP),
        }
        rest = next;
    }
    if !has_digit {
        panic!("{}", HELP);
    }
    Decimal::from_parts(value as u32, (value >> 32) as u32, (value >> 64) as u32, is_negative, scale)
}
