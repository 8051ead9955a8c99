//! Charts: geometry as SVG, drawn by pure functions that the server and the
//! browser share, with the words around it as text and the numbers in a table
//! for whoever doesn't see it.

mod bars;
mod frame;
mod line;
mod place;
mod plot;
mod ranking;
mod scale;
mod spark;

pub use bars::{Bar, BarChart};
pub use frame::{Chart, Point};
pub use line::largest;
pub use plot::chosen;
pub use ranking::{Ranked, ranking};
pub use scale::top_tick;
pub use spark::sparkline;
