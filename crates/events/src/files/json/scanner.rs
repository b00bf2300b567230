//! Cutting JSON text into the elements of its outermost array, or into the objects that lie one behind the other.

use std::io::{self, BufRead};

use crate::files::MAX_ROW_BYTES;

/// One element of a file.
#[derive(Debug)]
pub(super) enum Element<'s> {
    /// Its text, brackets and all.
    Text { line: u64, text: &'s [u8] },
    /// It was too long, and was passed over.
    TooLong { line: u64 },
    /// Something between elements that does not belong there.
    Stray { line: u64, message: &'static str },
}

/// The place in the file, and the element that is being read.
#[derive(Debug)]
pub(super) struct Scanner<R> {
    input: R,
    line: u64,
    element: Vec<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was read but blanks.
    Start,
    /// In the outermost array; `after_element` until the comma comes.
    Array { after_element: bool },
    /// Between objects without an array around them.
    Objects,
    /// Behind the array.
    End,
}

/// Where the reading of an element stands.
#[derive(Debug, Default)]
struct Inside {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
}

impl<R: BufRead> Scanner<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            line: 1,
            element: Vec::new(),
            state: State::Start,
        }
    }

    /// The line that reading has come to.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The next element; `None` at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Element<'_>>> {
        loop {
            let Some(byte) = self.peek()? else {
                return Ok(self.end());
            };
            match (self.state, byte) {
                (_, b' ' | b'\t' | b'\r' | b'\n') => self.take(byte),
                (State::Start, b'[') => self.go(byte, State::Array { after_element: false }),
                (State::Array { after_element: true }, b',') => {
                    self.go(byte, State::Array { after_element: false });
                }
                (State::Array { .. }, b']') => self.go(byte, State::End),
                (State::Array { after_element: true }, _) => {
                    self.state = State::Array { after_element: false };
                    let message = "a comma is missing before this";
                    return Ok(Some(Element::Stray {
                        line: self.line,
                        message,
                    }));
                }
                (State::Array { .. }, b',') => {
                    self.take(byte);
                    return Ok(Some(Element::Stray {
                        line: self.line,
                        message: "a comma too many",
                    }));
                }
                (State::End, _) => return self.stray_end(),
                (State::Start | State::Objects, _) => {
                    self.state = State::Objects;
                    return self.element(false);
                }
                (State::Array { .. }, _) => {
                    self.state = State::Array { after_element: true };
                    return self.element(true);
                }
            }
        }
    }

    fn end(&mut self) -> Option<Element<'static>> {
        let is_open = matches!(self.state, State::Array { .. });
        self.state = State::End;
        is_open.then_some(Element::Stray {
            line: self.line,
            message: "the file breaks off before the array ends",
        })
    }

    /// One message for whatever follows the array, all of which is passed over.
    fn stray_end(&mut self) -> io::Result<Option<Element<'_>>> {
        let line = self.line;
        while let Some(byte) = self.peek()? {
            self.take(byte);
        }
        Ok(Some(Element::Stray {
            line,
            message: "something follows the end of the array; it was not read",
        }))
    }

    /// Reads to the end of an element: the bracket that closes its first one; without brackets a comma, the array's end
    /// or the line's.
    fn element(&mut self, in_array: bool) -> io::Result<Option<Element<'_>>> {
        let line = self.line;
        let mut inside = Inside::default();
        self.element.clear();
        let mut is_too_long = false;
        while let Some(byte) = self.peek()? {
            if inside.depth == 0 && !inside.in_string && ends_before(byte, in_array) {
                break;
            }
            self.take(byte);
            if self.element.len() < MAX_ROW_BYTES {
                self.element.push(byte);
            } else {
                is_too_long = true;
            }
            if inside.closes_with(byte) {
                break;
            }
        }
        Ok(Some(if is_too_long {
            Element::TooLong { line }
        } else {
            Element::Text {
                line,
                text: &self.element,
            }
        }))
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn take(&mut self, byte: u8) {
        self.input.consume(1);
        self.line += u64::from(byte == b'\n');
    }

    fn go(&mut self, byte: u8, state: State) {
        self.take(byte);
        self.state = state;
    }
}

/// Whether a byte outside brackets and quotes belongs to what follows.
fn ends_before(byte: u8, in_array: bool) -> bool {
    if in_array {
        matches!(byte, b',' | b']')
    } else {
        byte == b'\n'
    }
}

impl Inside {
    /// Goes on by one byte; whether that closed the element's first bracket.
    fn closes_with(&mut self, byte: u8) -> bool {
        if self.in_string {
            self.in_string = self.is_escaped || byte != b'"';
            self.is_escaped = !self.is_escaped && byte == b'\\';
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}
