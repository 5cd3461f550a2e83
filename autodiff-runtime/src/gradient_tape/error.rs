//! What can go wrong on a tape, each with its own message.

use std::fmt;

/// An error of a [`GradientTape`](super::GradientTape).
///
/// Methods whose name starts with `try_` return it; the others panic with its message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TapeError {
    /// The value was recorded on a tape that a gradient has consumed, or that was dropped.
    ConsumedTape {
        /// Which argument.
        argument: &'static str,
    },
    /// The value was recorded on this tape, before its last [`reset`](super::GradientTape::reset).
    BeforeReset {
        /// Which argument.
        argument: &'static str,
    },
    /// The value was recorded on another tape that is still recording.
    OtherTape {
        /// Which argument.
        argument: &'static str,
    },
    /// The value is a constant: nothing watched it, and it was computed from nothing watched.
    NeverRecorded {
        /// Which argument.
        argument: &'static str,
    },
    /// The tape does not record at the moment (inside `stop_recording`).
    NotRecording {
        /// What was tried.
        operation: &'static str,
    },
    /// Two shapes that have to be equal are not.
    ShapeMismatch {
        /// Which argument.
        argument: &'static str,
        /// The shape needed.
        expected: Vec<usize>,
        /// The shape given.
        found: Vec<usize>,
    },
    /// Two lengths that have to be equal are not.
    LengthMismatch {
        /// Which argument.
        argument: &'static str,
        /// The length needed.
        expected: usize,
        /// The length given.
        found: usize,
    },
    /// A source that the target does not depend on, where that was asked to be an error.
    Unconnected {
        /// Position of the source, counting through nested structures.
        source: usize,
    },
}

impl TapeError {
    /// The same, where its argument has another name for the caller.
    pub(crate) fn renamed(mut self, from: &str, to: &'static str) -> Self {
        if let Self::ShapeMismatch { argument, .. } | Self::LengthMismatch { argument, .. } =
            &mut self
            && *argument == from
        {
            *argument = to;
        }
        self
    }
}

impl fmt::Display for TapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConsumedTape { argument } => write!(
                f,
                "`{argument}` was recorded on a tape that has been consumed (by `gradient`, or dropped): \
                 take several gradients from `GradientTape::persistent()`"
            ),
            Self::BeforeReset { argument } => write!(
                f,
                "`{argument}` was recorded before this tape's last `reset`: watch and compute again"
            ),
            Self::OtherTape { argument } => write!(
                f,
                "`{argument}` was recorded on another tape: nest the tapes by watching the one's value on the other"
            ),
            Self::NeverRecorded { argument } => write!(
                f,
                "`{argument}` was never recorded: it is a constant; `watch` it before computing with it"
            ),
            Self::NotRecording { operation } => write!(
                f,
                "{operation}: the tape is not recording (inside `stop_recording`, or while a gradient is taken)"
            ),
            Self::ShapeMismatch { argument, expected, found } => {
                write!(f, "`{argument}` has the shape {found:?}, needed is {expected:?}")
            }
            Self::LengthMismatch { argument, expected, found } => {
                write!(f, "`{argument}` has the length {found}, needed is {expected}")
            }
            Self::Unconnected { source } => {
                write!(f, "the target does not depend on source number {source}")
            }
        }
    }
}

impl std::error::Error for TapeError {}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn fail(error: TapeError) -> ! {
    panic!("{error}")
}
