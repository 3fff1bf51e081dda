//! Looks at the write-ahead log that a killed companion left. SQLite takes up all of it until the first frame that is not
//! what was written and says nothing of the rest: what was committed behind a flipped bit would vanish without a word.
//! The format: <https://sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::{fs, path::Path};

/// Bytes before the first frame, and before the page of each.
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The first bytes, where sums are over little-endian words; with 1 more, over big-endian ones.
const MAGIC: u32 = 0x377f_0682;

/// The frames behind the first damaged one that a commit had ended; 0 where nothing is lost.
pub fn lost_frames(path: &Path) -> usize {
    fs::read(path).map_or(0, |bytes| lost(&bytes).unwrap_or(0))
}

fn lost(bytes: &[u8]) -> Option<usize> {
    let word = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let is_big = match word(0)?.checked_sub(MAGIC)? {
        0 => false,
        1 => true,
        // Not one of SQLite's: it takes up nothing of it.
        _ => return None,
    };
    let frame_bytes = FRAME_HEADER + usize::try_from(word(8)?).ok()?;
    let salts = bytes.get(16..24)?;
    let mut sum = add((0, 0), bytes.get(..24)?, is_big);
    if sum != (word(24)?, word(28)?) {
        return Some((bytes.len() - HEADER) / frame_bytes);
    }
    let mut is_whole = true;
    let mut behind = 0;
    let mut lost = 0;
    for frame in bytes[HEADER..].chunks_exact(frame_bytes) {
        // What an earlier round left behind has other salts.
        if frame[8..16] != *salts {
            // A damaged salt looks the same; what comes behind it tells.
            is_whole = false;
            behind += 1;
            continue;
        }
        if is_whole {
            sum = add(add(sum, &frame[..8], is_big), &frame[FRAME_HEADER..], is_big);
            let told = |at: usize| u32::from_be_bytes([frame[at], frame[at + 1], frame[at + 2], frame[at + 3]]);
            is_whole = sum == (told(16), told(20));
        }
        if !is_whole {
            behind += 1;
            let ends_a_commit = frame[4..8] != [0; 4];
            if ends_a_commit {
                lost = behind;
            }
        }
    }
    Some(lost)
}

/// SQLite's sum of pairs of words.
fn add((mut first, mut second): (u32, u32), bytes: &[u8], is_big: bool) -> (u32, u32) {
    let word = |bytes: &[u8]| {
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if is_big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    for pair in bytes.chunks_exact(8) {
        first = first.wrapping_add(word(&pair[..4])).wrapping_add(second);
        second = second.wrapping_add(word(&pair[4..])).wrapping_add(first);
    }
    (first, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Log, NewTaskRow};

    #[tokio::test]
    async fn a_flipped_bit_before_a_commit_is_seen_and_a_torn_end_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.sqlite");
        let log = Log::open(&path).unwrap();
        for number in 0..10 {
            let task = NewTaskRow { id: agent_tasks::TaskId(number.to_string()), ..NewTaskRow::sample() };
            log.write(move |tx| tx.insert_task(&task)).await.unwrap();
        }
        let whole = fs::read(folder.path().join("log.sqlite-wal")).unwrap();
        assert_eq!(lost(&whole), Some(0));
        // A write that was cut short was told to nobody.
        for end in [whole.len() - 1, whole.len() - 5_000, HEADER, 10, 0] {
            assert_eq!(lost(&whole[..end]).unwrap_or(0), 0, "cut at {end}");
        }
        let frame = FRAME_HEADER + 4096;
        for place in [20, 28, HEADER + 3, HEADER + 9, HEADER + 17, HEADER + 100, HEADER + 2 * frame + 50] {
            let mut damaged = whole.clone();
            damaged[place] ^= 4;
            assert!(lost(&damaged).unwrap() > 0, "byte {place}");
        }
        let mut last = whole.clone();
        let at = last.len() - 100;
        last[at] ^= 1;
        assert!(lost(&last).unwrap() > 0, "the last frame ends a commit");
    }
}
