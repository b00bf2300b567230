//! Reads an expression, by the precedence of SQL: OR, AND, NOT, comparisons, sums, products, signs.

use super::lexer::{Lexeme, Token, tokens};
use super::{Binary, ExpressionError, Form, Function, Node, suggestion};

/// How deep brackets may stand in each other: far more than anybody can read, far less than a stack holds.
const DEPTH: usize = 40;

/// How long a text may be, in bytes: chains of AND and OR are walked recursively too.
const LENGTH: usize = 4_000;

pub(super) fn parse(text: &str) -> Result<Node, ExpressionError> {
    if text.len() > LENGTH {
        return Err(ExpressionError::new(
            0,
            format!("an expression can be {LENGTH} bytes long"),
        ));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        next: 0,
        depth: 0,
        end: text.len(),
    };
    let root = parser.any_of()?;
    match parser.peek() {
        None => Ok(root),
        Some(token) => Err(unexpected(token)),
    }
}

fn unexpected(token: &Token<'_>) -> ExpressionError {
    let message = match token.is {
        Lexeme::Word(word) => {
            format!("the word `{word}` follows another value: is AND or OR missing, or a quote?")
        }
        Lexeme::Number(word) | Lexeme::Text(word) => {
            format!("the value `{word}` follows another value: is AND or OR missing, or a quote?")
        }
        Lexeme::Sign(")" | "]") => "a bracket is closed that was not opened".to_owned(),
        Lexeme::Sign(sign) => format!("`{sign}` stands where the expression could end"),
    };
    ExpressionError::new(token.at.start, message)
}

struct Parser<'t> {
    tokens: &'t [Token<'t>],
    next: usize,
    depth: usize,
    end: usize,
}

type Parsed = Result<Node, ExpressionError>;

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token<'t>> {
        self.tokens.get(self.next)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found =
            matches!(self.peek(), Some(Token { is: Lexeme::Word(w), .. }) if w.eq_ignore_ascii_case(word));
        self.next += usize::from(found);
        found
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token { is: Lexeme::Sign(s), .. }) if *s == sign);
        self.next += usize::from(found);
        found
    }

    fn any_of(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEPTH {
            let at = self.peek().map_or(self.end, |token| token.at.start);
            return Err(ExpressionError::new(at, "brackets stand too deep in each other"));
        }
        let mut left = self.all_of()?;
        while self.take_word("OR") {
            left = join(Binary::Or, left, self.all_of()?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn all_of(&mut self) -> Parsed {
        let mut left = self.negated()?;
        while self.take_word("AND") {
            left = join(Binary::And, left, self.negated()?);
        }
        Ok(left)
    }

    fn negated(&mut self) -> Parsed {
        let start = self.peek().map_or(self.end, |token| token.at.start);
        let mut nots = 0;
        while self.take_word("NOT") {
            nots += 1;
        }
        let mut node = self.compared()?;
        for _ in 0..nots {
            node = Node {
                at: start..node.at.end,
                is: Form::Not(Box::new(node)),
            };
        }
        Ok(node)
    }

    fn compared(&mut self) -> Parsed {
        let left = self.sum()?;
        if self.take_word("IS") {
            let not = self.take_word("NOT");
            if !self.take_word("NULL") {
                return Err(self.wanted("NULL after IS"));
            }
            return Ok(around(&left.at.clone(), self, Form::IsNull(Box::new(left), not)));
        }
        let not = self.take_word("NOT");
        if self.take_word("IN") {
            return self.one_of(left, not);
        }
        if self.take_word("BETWEEN") {
            return self.between(left, not);
        }
        if self.take_word("LIKE") {
            let sign = if not { Binary::NotLike } else { Binary::Like };
            return Ok(join(sign, left, self.sum()?));
        }
        if not {
            return Err(self.wanted("IN, BETWEEN or LIKE after NOT"));
        }
        let signs = [
            ("=", Binary::Equal),
            ("==", Binary::Equal),
            ("<>", Binary::NotEqual),
            ("!=", Binary::NotEqual),
            ("<=", Binary::AtMost),
            (">=", Binary::AtLeast),
            ("<", Binary::Less),
            (">", Binary::Greater),
        ];
        match signs.iter().find(|(sign, _)| self.take_sign(sign)) {
            Some((_, binary)) => Ok(join(*binary, left, self.sum()?)),
            None => Ok(left),
        }
    }

    fn one_of(&mut self, left: Node, not: bool) -> Parsed {
        let start = self.peek().map_or(self.end, |token| token.at.start);
        if !self.take_sign("(") {
            return Err(self.wanted("a list in brackets after IN"));
        }
        let items = self.items(")")?;
        let list = around(&(start..start), self, Form::List(items));
        let at = left.at.clone();
        Ok(around(&at, self, Form::In(Box::new(left), Box::new(list), not)))
    }

    fn between(&mut self, left: Node, not: bool) -> Parsed {
        let low = self.sum()?;
        if !self.take_word("AND") {
            return Err(self.wanted("AND between the two ends of BETWEEN"));
        }
        let high = self.sum()?;
        let at = left.at.clone();
        Ok(around(&at, self, Form::Between(Box::new([left, low, high]), not)))
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            let sign = match () {
                () if self.take_sign("+") => Binary::Plus,
                () if self.take_sign("-") => Binary::Minus,
                () => return Ok(left),
            };
            left = join(sign, left, self.product()?);
        }
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.signed()?;
        loop {
            let sign = match () {
                () if self.take_sign("*") => Binary::Times,
                () if self.take_sign("/") => Binary::Divided,
                () if self.take_sign("%") => Binary::Modulo,
                () => return Ok(left),
            };
            left = join(sign, left, self.signed()?);
        }
    }

    fn signed(&mut self) -> Parsed {
        let start = self.peek().map_or(self.end, |token| token.at.start);
        if self.take_sign("-") {
            let node = self.value()?;
            return Ok(Node {
                at: start..node.at.end,
                is: Form::Minus(Box::new(node)),
            });
        }
        self.value()
    }

    fn value(&mut self) -> Parsed {
        let Some(token) = self.peek() else {
            return Err(self.wanted("a value"));
        };
        self.next += 1;
        let form = match token.is {
            Lexeme::Number(number) => Form::Number(number.to_owned()),
            Lexeme::Text(text) => Form::Text(text.to_owned()),
            Lexeme::Word(word) => return self.word(word, token),
            Lexeme::Sign("(") => {
                let inner = self.any_of()?;
                if !self.take_sign(")") {
                    return Err(ExpressionError::new(token.at.start, "a bracket is not closed"));
                }
                return Ok(inner);
            }
            Lexeme::Sign("[") => Form::List(self.items("]")?),
            Lexeme::Sign(_) => {
                self.next -= 1;
                return Err(self.wanted("a value"));
            }
        };
        Ok(around(&token.at, self, form))
    }

    fn word(&mut self, word: &str, token: &Token<'_>) -> Parsed {
        let upper = word.to_ascii_uppercase();
        let form = match upper.as_str() {
            "NULL" => Form::Null,
            "TRUE" => Form::Bool(true),
            "FALSE" => Form::Bool(false),
            "AND" | "OR" | "NOT" | "IN" | "IS" | "BETWEEN" | "LIKE" => {
                self.next -= 1;
                return Err(self.wanted("a value"));
            }
            _ if self.take_sign("(") => return self.call(word, token),
            _ => Form::Field(word.to_owned()),
        };
        Ok(around(&token.at, self, form))
    }

    fn call(&mut self, word: &str, token: &Token<'_>) -> Parsed {
        let Some(function) = Function::named(word) else {
            let message = format!(
                "`{word}` is no function of a plan; {}",
                suggestion(word, Function::names())
            );
            return Err(ExpressionError::new(token.at.start, message));
        };
        let arguments = self.items(")")?;
        let (min, max) = function.arguments();
        if !(min..=max).contains(&arguments.len()) {
            let wanted = if min == max {
                min.to_string()
            } else {
                format!("{min} to {max}")
            };
            let message = format!("`{word}` takes {wanted} arguments, not {}", arguments.len());
            return Err(ExpressionError::new(token.at.start, message));
        }
        Ok(around(&token.at, self, Form::Call(function, arguments)))
    }

    /// What stands between commas up to the closing bracket; at least one.
    fn items(&mut self, close: &str) -> Result<Vec<Node>, ExpressionError> {
        let mut items = vec![self.any_of()?];
        while self.take_sign(",") {
            items.push(self.any_of()?);
        }
        if self.take_sign(close) {
            Ok(items)
        } else {
            Err(self.wanted(&format!("`,` or `{close}`")))
        }
    }

    fn wanted(&self, what: &str) -> ExpressionError {
        match self.peek() {
            None => ExpressionError::new(self.end, format!("the expression ends where {what} is needed")),
            Some(token) => {
                let found = match token.is {
                    Lexeme::Word(word) | Lexeme::Number(word) | Lexeme::Text(word) => word,
                    Lexeme::Sign(sign) => sign,
                };
                ExpressionError::new(token.at.start, format!("`{found}` stands where {what} is needed"))
            }
        }
    }
}

fn join(binary: Binary, left: Node, right: Node) -> Node {
    Node {
        at: left.at.start..right.at.end,
        is: Form::Binary(binary, Box::new(left), Box::new(right)),
    }
}

/// A node from the start of `at` to the token that was taken last.
fn around(at: &std::ops::Range<usize>, parser: &Parser<'_>, is: Form) -> Node {
    let last = parser.next.checked_sub(1).and_then(|i| parser.tokens.get(i));
    Node {
        at: at.start..last.map_or(at.end, |token| token.at.end),
        is,
    }
}
