//! The grammar of gates: which expressions there are, before it is asked what they mean.

use std::ops::Range;

use winnow::{
    ModalResult, Parser,
    ascii::{digit1, multispace0},
    combinator::{alt, cut_err, delimited, eof, not, opt, preceded, separated, terminated},
    error::ContextError,
    stream::{LocatingSlice, Location as _},
    token::{one_of, take_while},
};

use super::{
    error::GateError,
    rule::{Evidence, Operator, Scope},
};

/// A rule as it was written.
#[derive(Debug)]
pub(super) struct RawRule<'i> {
    pub(super) scope: Scope,
    pub(super) evidence: Evidence,
    pub(super) metric: RawMetric<'i>,
    pub(super) operator: Operator,
    pub(super) bound: RawBound<'i>,
}

#[derive(Debug)]
pub(super) struct RawMetric<'i> {
    pub(super) form: Form<'i>,
    pub(super) at: Range<usize>,
}

/// The ways to write a metric.
#[derive(Debug)]
pub(super) enum Form<'i> {
    /// `pass@4` or `pass^4`.
    Power { name: &'i str, symbol: char, k: &'i str },
    /// `2of3`.
    OutOf { m: &'i str, k: &'i str },
    /// `cost` or `duration.p95`.
    Name { name: &'i str, statistic: Option<&'i str> },
}

#[derive(Debug)]
pub(super) enum RawBound<'i> {
    Fixed(RawAmount<'i>),
    Baseline(Option<(bool, RawAmount<'i>)>),
}

#[derive(Debug)]
pub(super) struct RawAmount<'i> {
    pub(super) digits: &'i str,
    pub(super) unit: &'i str,
    pub(super) at: Range<usize>,
}

type Input<'i> = LocatingSlice<&'i str>;
/// What was parsed, or what was expected instead.
type Parsed<T> = ModalResult<T, ContextError<&'static str>>;

/// Reads an expression.
pub(super) fn parse(expression: &str) -> Result<Vec<RawRule<'_>>, GateError> {
    gate.parse(LocatingSlice::new(expression)).map_err(|error| {
        let at = error.offset();
        // The first is the innermost, so the most exact.
        let expected = error.inner().context().next().unwrap_or(&"something else");
        let end = at + wrong(expression.get(at..).unwrap_or_default());
        GateError::new(expression, at..end, format!("expected {expected}"))
    })
}

/// How many bytes at the beginning of a text are to be marked as wrong: a word, or signs of one kind.
fn wrong(rest: &str) -> usize {
    let Some(first) = rest.chars().next() else { return 0 };
    let alike = |other: char| {
        !other.is_whitespace() && is_in_word(other) == is_in_word(first) && other != ','
    };
    rest.find(|other| !alike(other)).unwrap_or(rest.len()).max(first.len_utf8())
}

fn gate<'i>(input: &mut Input<'i>) -> Parsed<Vec<RawRule<'i>>> {
    let rules = separated(1.., cut_err(rule), separator);
    let end = (multispace0, eof.context("`and`, a comma or the end"));
    delimited(multispace0, rules, end).parse_next(input)
}

fn separator(input: &mut Input<'_>) -> Parsed<()> {
    (multispace0, alt((",", keyword("and"))), multispace0).void().parse_next(input)
}

fn rule<'i>(input: &mut Input<'i>) -> Parsed<RawRule<'i>> {
    let scope = opt(scope).parse_next(input)?.unwrap_or(Scope::Run);
    let (evidence, metric) = alt((
        estimate.map(|metric| (Evidence::Estimate, metric)),
        metric.map(|metric| (Evidence::Range, metric)),
    ))
    .parse_next(input)?;
    let operator = preceded(multispace0, operator).parse_next(input)?;
    let bound = preceded(multispace0, bound).parse_next(input)?;
    Ok(RawRule { scope, evidence, metric, operator, bound })
}

fn scope(input: &mut Input<'_>) -> Parsed<Scope> {
    let word = alt((keyword("each").value(Scope::Each), keyword("these").value(Scope::These)));
    terminated(word, (multispace0, ':', multispace0)).parse_next(input)
}

fn estimate<'i>(input: &mut Input<'i>) -> Parsed<RawMetric<'i>> {
    let open = (keyword("estimate"), multispace0, '(', multispace0);
    let close = preceded(multispace0, ')'.context("`)`"));
    delimited(open, cut_err(metric), cut_err(close)).parse_next(input)
}

fn metric<'i>(input: &mut Input<'i>) -> Parsed<RawMetric<'i>> {
    let start = input.current_token_start();
    let form = alt((out_of, power, name))
        .context("a metric such as pass@1, pass^4, 2of3, not_graded, cost or duration.p95")
        .parse_next(input)?;
    Ok(RawMetric { form, at: start..input.previous_token_end() })
}

fn out_of<'i>(input: &mut Input<'i>) -> Parsed<Form<'i>> {
    let k = cut_err(digit1.context("a number of trials"));
    let (m, _, _, _, k) = (digit1, multispace0, "of", multispace0, k).parse_next(input)?;
    Ok(Form::OutOf { m, k })
}

fn power<'i>(input: &mut Input<'i>) -> Parsed<Form<'i>> {
    let k = cut_err(digit1.context("a number of trials"));
    let (name, symbol, k) = (word, one_of(['@', '^']), k).parse_next(input)?;
    Ok(Form::Power { name, symbol, k })
}

fn name<'i>(input: &mut Input<'i>) -> Parsed<Form<'i>> {
    let statistic = take_while(1.., is_in_word).context("total, mean or a percentile such as p95");
    let (name, statistic) = (word, opt(preceded('.', cut_err(statistic)))).parse_next(input)?;
    Ok(Form::Name { name, statistic })
}

fn operator(input: &mut Input<'_>) -> Parsed<Operator> {
    alt((
        alt((">=", "≥")).value(Operator::AtLeast),
        '>'.value(Operator::MoreThan),
        alt(("<=", "≤")).value(Operator::AtMost),
        '<'.value(Operator::LessThan),
    ))
    .context("one of >=, >, <=, <")
    .parse_next(input)
}

fn bound<'i>(input: &mut Input<'i>) -> Parsed<RawBound<'i>> {
    alt((baseline, amount.map(RawBound::Fixed)))
        .context("a number such as 0.9 or 90%, or `baseline`")
        .parse_next(input)
}

fn baseline<'i>(input: &mut Input<'i>) -> Parsed<RawBound<'i>> {
    let sign = delimited(multispace0, one_of(['-', '+']), multispace0);
    let size = cut_err(amount.context("a number such as 0.02"));
    let change = opt((sign.map(|sign| sign == '-'), size));
    preceded(keyword("baseline"), change).map(RawBound::Baseline).parse_next(input)
}

fn amount<'i>(input: &mut Input<'i>) -> Parsed<RawAmount<'i>> {
    let start = input.current_token_start();
    let fraction = opt(('.', cut_err(digit1.context("a digit after the point"))));
    let digits = (digit1, fraction).take().parse_next(input)?;
    let percent = preceded(multispace0, "%");
    let unit = alt((percent, take_while(0.., char::is_alphabetic))).parse_next(input)?;
    Ok(RawAmount { digits, unit, at: start..input.previous_token_end() })
}

fn keyword<'i>(
    text: &'static str,
) -> impl Parser<Input<'i>, &'i str, winnow::error::ErrMode<ContextError<&'static str>>> {
    terminated(text, not(take_while(1, is_in_word)))
}

fn word<'i>(input: &mut Input<'i>) -> Parsed<&'i str> {
    (take_while(1, |first: char| first.is_alphabetic()), take_while(0.., is_in_word))
        .take()
        .parse_next(input)
}

fn is_in_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
