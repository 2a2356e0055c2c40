//! The sizes of waves.

use crate::playbook::WaveSize;

/// The number of rows of each wave: the requested sizes as long as there are rows, then a wave with the rest. No wave is
/// empty.
#[must_use]
pub fn wave_sizes(sizes: &[WaveSize], rows: u64) -> Vec<u64> {
    let mut left = rows;
    let mut cut: Vec<u64> = sizes
        .iter()
        .map(|size| {
            let wanted = match size {
                WaveSize::Rows(wanted) => *wanted,
                WaveSize::Share(share) => share.of(rows),
            };
            let size = wanted.min(left);
            left -= size;
            size
        })
        .collect();
    cut.push(left);
    cut.retain(|size| *size > 0);
    cut
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn later_waves_get_only_the_rows_that_the_first_leave() {
        let cut = |sizes: &[&str], rows| {
            let sizes: Vec<WaveSize> = sizes.iter().map(|size| WaveSize::parse(size).unwrap()).collect();
            wave_sizes(&sizes, rows)
        };
        assert_eq!(cut(&["3", "10%"], 20_000), [3, 2_000, 17_997]);
        assert_eq!(cut(&["3", "10%"], 4), [3, 1]);
        assert_eq!(cut(&["3", "10%"], 3), [3]);
        assert_eq!(cut(&["60%", "60%"], 10), [6, 4]);
        assert_eq!(cut(&["100%"], 7), [7]);
        assert_eq!(cut(&["3"], 0), [0; 0]);
    }

    proptest! {
        #[test]
        fn waves_hold_every_row_once(
            sizes in proptest::collection::vec(prop_oneof![(1u64..50).prop_map(WaveSize::Rows), (1u64..100).prop_map(|p| WaveSize::parse(&format!("{p}%")).unwrap())], 1..6),
            rows in 0u64..3_000,
        ) {
            let cut = wave_sizes(&sizes, rows);
            prop_assert_eq!(cut.iter().sum::<u64>(), rows);
            prop_assert!(cut.iter().all(|size| *size > 0));
            prop_assert!(cut.len() <= sizes.len() + 1);
        }
    }
}
