//! The frames of a WebSocket, as a server reads and writes them.
//!
//! They are written by hand because faults and venues need the frames themselves: a frame that ends
//! in the middle, and a pong that does not repeat the payload of its ping. No library writes these.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// The text that a server appends to the key of a client (RFC 6455, section 1.3).
const SUFFIX: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The maximum length of a message from a client.
const MAX_MESSAGE: usize = 1024 * 1024;

/// A message from a client.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Text, or bytes.
    Data(Vec<u8>),
    Ping,
    Pong,
    Close,
}

/// Returns the value of `Sec-WebSocket-Accept` for the key of a client.
pub(super) fn accept(key: &str) -> String {
    let digest =
        aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, format!("{key}{SUFFIX}").as_bytes());
    STANDARD.encode(digest)
}

/// The opcode of a frame of text.
pub(super) const TEXT: u8 = 1;
/// The opcode of a pong.
pub(super) const PONG: u8 = 10;

/// Returns the head of a frame that is whole.
pub(super) fn head(opcode: u8, length: usize) -> Vec<u8> {
    let mut head = vec![0x80 | opcode];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => head.push(short),
        (_, Ok(medium)) => {
            head.push(126);
            head.extend(medium.to_be_bytes());
        }
        _ => {
            head.push(127);
            head.extend((length as u64).to_be_bytes());
        }
    }
    head
}

/// The bytes that were read ahead, and the fragments of a message that is not complete.
#[derive(Debug)]
pub(super) struct Frames {
    ahead: Vec<u8>,
    fragments: Option<Vec<u8>>,
}

/// A frame: whether it ends its message, its opcode, its payload and its size.
struct Frame {
    is_last: bool,
    opcode: u8,
    payload: Vec<u8>,
    size: usize,
}

impl Frames {
    pub(super) fn new(ahead: Vec<u8>) -> Self {
        Self { ahead, fragments: None }
    }

    /// Returns the next message. If the future is dropped, no bytes are lost.
    ///
    /// # Errors
    ///
    /// When the connection is closed, or when the client breaks the protocol: a frame without a
    /// mask, or a message that is too long.
    pub(super) async fn next(&mut self, stream: &mut TcpStream) -> io::Result<Message> {
        loop {
            while let Some(frame) = self.frame()? {
                self.ahead.drain(..frame.size);
                match frame.opcode {
                    8 => return Ok(Message::Close),
                    9 => return Ok(Message::Ping),
                    PONG => return Ok(Message::Pong),
                    _ => {}
                }
                let mut message = self.fragments.take().unwrap_or_default();
                message.extend(frame.payload);
                if message.len() > MAX_MESSAGE {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                if frame.is_last {
                    return Ok(Message::Data(message));
                }
                self.fragments = Some(message);
            }
            if stream.read_buf(&mut self.ahead).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Returns the first frame that was read ahead; `None` if it is not complete.
    fn frame(&self) -> io::Result<Option<Frame>> {
        let [first, second, ..] = *self.ahead.as_slice() else { return Ok(None) };
        let (length, start) = match second & 0x7f {
            126 => {
                let Some(bytes) = self.ahead.get(2..4).and_then(|bytes| <[u8; 2]>::try_from(bytes).ok()) else {
                    return Ok(None);
                };
                (u64::from(u16::from_be_bytes(bytes)), 4)
            }
            127 => {
                let Some(bytes) = self.ahead.get(2..10).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()) else {
                    return Ok(None);
                };
                (u64::from_be_bytes(bytes), 10)
            }
            short => (u64::from(short), 2),
        };
        let length = usize::try_from(length).ok().filter(|length| *length <= MAX_MESSAGE);
        let Some(length) = length.filter(|_| second & 0x80 != 0) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let body = start + 4;
        let (Some(mask), Some(masked)) = (self.ahead.get(start..body), self.ahead.get(body..body + length)) else {
            return Ok(None);
        };
        let payload = masked.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        Ok(Some(Frame { is_last: first & 0x80 != 0, opcode: first & 0x0f, payload, size: body + length }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accepted_key_is_that_of_the_standard() {
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn a_masked_frame_is_read_once_it_is_complete() {
        let bytes = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        for end in 0..bytes.len() {
            assert!(Frames::new(bytes[..end].to_vec()).frame().unwrap().is_none(), "{end}");
        }
        let frame = Frames::new(bytes.to_vec()).frame().unwrap().unwrap();
        assert_eq!((frame.payload.as_slice(), frame.opcode, frame.is_last), (b"Hello".as_slice(), TEXT, true));
    }

    #[test]
    fn a_frame_without_a_mask_is_an_error() {
        assert!(Frames::new(vec![0x81, 0x01, b'a']).frame().is_err());
    }

    #[test]
    fn the_length_of_a_frame_has_three_forms() {
        assert_eq!(head(TEXT, 125), [0x81, 125]);
        assert_eq!(head(TEXT, 126), [0x81, 126, 0, 126]);
        assert_eq!(head(TEXT, 65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }
}
