//! Decimals of a few digits, which nearly all decimals are.

/// A decimal of at most 19 digits: `mantissa / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortDecimal {
    /// Whether it has a minus. A zero can have one.
    pub is_negative: bool,
    /// All digits, without the point.
    pub mantissa: u64,
    /// The number of digits after the point: at most 18.
    pub scale: u8,
}

impl ShortDecimal {
    /// Reads the decimal at the start of a text: a minus or nothing, digits without a leading zero,
    /// and a point with digits or nothing. Returns it with its length; `None` if the text starts
    /// with something else, with more than 19 digits, or with a number that has an exponent.
    ///
    /// ```
    /// use venuekit_json::reader::ShortDecimal;
    ///
    /// let decimal = ShortDecimal { is_negative: false, mantissa: 150, scale: 2 };
    /// assert_eq!(ShortDecimal::parse(b"1.50,"), Some((decimal, 4)));
    /// assert_eq!(ShortDecimal::parse(b"01"), None);
    /// ```
    #[inline(always)]
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<(Self, usize)> {
        let (is_negative, unsigned) = match text {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let (mantissa, rest) = digits(0, unsigned);
        let whole = unsigned.len() - rest.len();
        if whole == 0 || whole > 1 && unsigned.first() == Some(&b'0') {
            return None;
        }
        let (mantissa, scale, rest) = match rest {
            [b'.', fraction @ ..] => {
                let (mantissa, rest) = fraction_digits(mantissa, fraction);
                let scale = fraction.len() - rest.len();
                if scale == 0 {
                    return None;
                }
                (mantissa, scale, rest)
            }
            rest => (mantissa, 0, rest),
        };
        if whole + scale > 19 || matches!(rest, [b'e' | b'E', ..]) {
            return None;
        }
        let decimal = Self { is_negative, mantissa, scale: u8::try_from(scale).ok()? };
        Some((decimal, text.len() - rest.len()))
    }

    /// The high bits of a packed decimal. A number with these bits is larger than any decimal.
    const MARK: u128 = 0xdec1_3a1d_ec13;

    /// Returns the decimal as one number, to pass it through `serde`.
    #[inline]
    #[must_use]
    pub fn pack(self) -> u128 {
        let high = Self::MARK << 16 | u128::from(self.is_negative) << 8 | u128::from(self.scale);
        high << 64 | u128::from(self.mantissa)
    }

    /// Returns the decimal of [`pack`](Self::pack); `None` for any other number.
    #[inline]
    #[must_use]
    pub fn unpack(packed: u128) -> Option<Self> {
        let high = packed >> 64;
        let scale = u8::try_from(high & 0xff).ok().filter(|scale| *scale <= 18)?;
        let mantissa = u64::try_from(packed & u128::from(u64::MAX)).ok()?;
        let is_negative = high >> 8 & 0xff == 1;
        (high >> 16 == Self::MARK && high >> 9 & 0x7f == 0).then_some(Self { is_negative, mantissa, scale })
    }
}

/// Appends the leading digits of a text to a number. Returns the rest of the text.
#[inline(always)]
fn digits(mut number: u64, mut text: &[u8]) -> (u64, &[u8]) {
    while let [byte, rest @ ..] = text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
        text = rest;
    }
    (number, text)
}

/// Does the same as [`digits`]. Eight decimal places are common, so these are read at once.
#[inline(always)]
fn fraction_digits(number: u64, text: &[u8]) -> (u64, &[u8]) {
    if let Some((first, rest)) = text.split_first_chunk()
        && let Some(eight) = eight_digits(*first)
    {
        return digits(number.wrapping_mul(100_000_000).wrapping_add(eight), rest);
    }
    digits(number, text)
}

/// Returns the number of eight digits.
#[inline(always)]
fn eight_digits(text: [u8; 8]) -> Option<u64> {
    let text = u64::from_le_bytes(text);
    // The high half of each byte is 3, and still is if 6 is added to the byte.
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    let carried = text.wrapping_add(0x0606_0606_0606_0606);
    if text & HIGH | (carried & HIGH) >> 4 != 0x3333_3333_3333_3333 {
        return None;
    }
    // Joins neighbours to pairs of digits, and pairs to fours.
    let digits = text - 0x3030_3030_3030_3030;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    const EVERY_FOURTH: u64 = 0x0000_00ff_0000_00ff;
    let (high, low) = (pairs & EVERY_FOURTH, (pairs >> 16) & EVERY_FOURTH);
    Some((high.wrapping_mul(0x000f_4240_0000_0064).wrapping_add(low.wrapping_mul(0x0000_2710_0000_0001))) >> 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn it_has_the_digits_of_the_text(text in "-?(0|[1-9][0-9]{0,20})?(\\.[0-9]{0,20})?([eE,\" ])?|[-+0-9.eE:;/]{0,12}") {
            let number: String = text.trim_end_matches(['e', 'E', ',', '"', ' ']).to_owned();
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            match ShortDecimal::parse(text.as_bytes()) {
                Some((decimal, length)) => {
                    let read = &text[..length];
                    let (whole, fraction) = read.split_once('.').unwrap_or((read, ""));
                    prop_assert_eq!(decimal.is_negative, read.starts_with('-'));
                    prop_assert_eq!(usize::from(decimal.scale), fraction.len());
                    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
                    prop_assert_eq!(decimal.mantissa, digits.parse::<u64>().unwrap());
                    prop_assert!(read.parse::<f64>().is_ok() && !text[length..].starts_with(|c: char| c.is_ascii_digit()));
                    prop_assert_eq!(ShortDecimal::unpack(decimal.pack()), Some(decimal));
                }
                None => {
                    let is_json = serde_json::from_str::<f64>(&number).is_ok();
                    prop_assert!(!is_json || digits.len() > 19 || text.contains(['e', 'E']), "{}", text);
                }
            }
        }

        #[test]
        fn eight_digits_are_a_number_and_nothing_else_is(text in any::<[u8; 8]>(), number in 0..100_000_000_u64) {
            let is_number = text.iter().all(u8::is_ascii_digit);
            prop_assert_eq!(eight_digits(text).is_some(), is_number);
            let mut text: [u8; 8] = format!("{number:08}").into_bytes().try_into().unwrap();
            prop_assert_eq!(eight_digits(text), Some(number));
            text[(number % 8) as usize] = (number >> 3) as u8 | 0x80;
            prop_assert_eq!(eight_digits(text), None);
        }
    }

    #[test]
    fn no_byte_beside_the_digits_is_a_digit() {
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                let mut text = *b"12345678";
                text[at] = byte;
                assert_eq!(eight_digits(text).is_some(), byte.is_ascii_digit(), "{byte}");
            }
        }
    }
}
