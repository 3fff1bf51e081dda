//! kill -9 at any moment: what anybody was told is in the log afterwards, once and as it was told.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use agent_tasks::TaskId;
use promises::{Dice, cases, seed, tell};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    program::{Caller, Program},
    reader::{Told, Where, read},
};

/// So many kills come upon one data folder; then a new one is begun.
const KILLS_PER_FOLDER: u64 = 25;
/// How long a companion lives at most after it has begun to take starts.
const LIFE_MS: u64 = 250;
/// Ready again in so long.
const READY_MAX: Duration = Duration::from_secs(2);
/// More than a disk here ever makes anybody wait.
const HOLD_SECONDS: u64 = 60;
/// Tasks that are started in a life, if it lasts.
const STARTS: u64 = 2;
/// What each of them does: it talks until it dies.
const PROMPT: &str = "rehearse: chatter";

/// What became of one data folder.
#[derive(Default)]
struct Account {
    kills: u64,
    events_told: usize,
    starts_told: usize,
    starts_cut: usize,
    slowest: Duration,
}

/// What the world outside was told.
#[derive(Default)]
struct World {
    /// The task of each start that was acknowledged, by its key.
    tasks: HashMap<String, TaskId>,
    /// The keys of starts that got no answer.
    unanswered: Vec<String>,
    told: HashMap<TaskId, Told>,
    /// How many events of a task were compared already.
    compared: HashMap<TaskId, usize>,
    readers: Vec<JoinHandle<()>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_it_has_lost_and_repeated_nothing() {
    let wanted = cases(200, 2_000);
    let seed = seed();
    let began = Instant::now();
    let mut total = Account::default();
    let mut folder = 0;
    while total.kills < wanted {
        let kills = KILLS_PER_FOLDER.min(wanted - total.kills);
        let account = kill_again_and_again(kills, &mut Dice::new(seed.wrapping_add(folder))).await;
        folder += 1;
        total.kills += account.kills;
        total.events_told += account.events_told;
        total.starts_told += account.starts_told;
        total.starts_cut += account.starts_cut;
        total.slowest = total.slowest.max(account.slowest);
    }
    let events = total.events_told;
    assert!(events as u64 > wanted, "so few events were told that nothing was tried: {events}");
    tell(
        "S1",
        total.kills,
        total.slowest <= READY_MAX,
        &format!(
            "0 of {events} events lost or repeated, each file whole, back in {} ms at most ({} ms a kill)",
            total.slowest.as_millis(),
            began.elapsed().as_millis() as u64 / total.kills
        ),
    );
    tell(
        "S9",
        total.kills,
        true,
        &format!("{} starts, {} of them cut short and sent again: one task each", total.starts_told, total.starts_cut),
    );
}

async fn kill_again_and_again(kills: u64, dice: &mut Dice) -> Account {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = Program::new_token(&data);
    let (place, seen_at) = watch::channel(None);
    let world = Arc::new(Mutex::new(World::default()));
    let mut account = Account::default();
    for life in 0..kills {
        let mut program = Program::start(&data, &token, HOLD_SECONDS);
        if life > 0 {
            account.slowest = account.slowest.max(program.ready_after);
        }
        place.send_replace(Some((program.address.clone(), token.clone())));
        see_all_that_was_told(&program, &data, &world).await;
        let again = std::mem::take(&mut world.lock().unwrap().unanswered);
        let keys = again.into_iter().chain((0..STARTS).map(|start| format!("{life}-{start}")));
        let starting = start_all(program.caller(), keys.collect(), Arc::clone(&world), seen_at.clone());
        let starting = tokio::spawn(starting);
        // The moment of the kill, which is the point: no condition is waited for.
        tokio::time::sleep(Duration::from_micros(dice.below(LIFE_MS * 1_000))).await;
        place.send_replace(None);
        program.kill();
        account.kills += 1;
        account.starts_cut += starting.await.unwrap();
    }
    let program = Program::start(&data, &token, HOLD_SECONDS);
    see_all_that_was_told(&program, &data, &world).await;
    let keys = std::mem::take(&mut world.lock().unwrap().unanswered);
    let cut = start_all(program.caller(), keys, Arc::clone(&world), seen_at).await;
    assert_eq!(cut, 0, "nobody kills it now");
    drop(program);
    drop(place);
    see_each_start_once(&data, &world);
    let World { readers, told, tasks, .. } = std::mem::take(&mut *world.lock().unwrap());
    for reader in readers {
        reader.abort();
        let ended = reader.await;
        assert!(ended.is_ok() || ended.unwrap_err().is_cancelled(), "a reader saw something wrong");
    }
    account.events_told = told.values().map(|told| told.lock().unwrap().len()).sum();
    account.starts_told = tasks.len();
    account
}

/// Sends starts one after the other, and lets each task that comes of them be read; how many were cut short.
async fn start_all(caller: Caller, keys: Vec<String>, world: Arc<Mutex<World>>, place: Where) -> usize {
    let mut keys = keys.into_iter();
    while let Some(key) = keys.next() {
        let Ok((status, _, task)) = caller.create(&key, PROMPT).await else {
            // Whatever comes now would not even be sent.
            world.lock().unwrap().unanswered.extend([key].into_iter().chain(keys));
            return 1;
        };
        assert_eq!(status, 201, "{task}");
        let id = TaskId(task["id"].as_str().unwrap().to_owned());
        let told = Told::default();
        let mut world = world.lock().unwrap();
        world.readers.push(read(id.clone(), place.clone(), Arc::clone(&told)));
        world.told.insert(id.clone(), told);
        let earlier = world.tasks.insert(key, id);
        assert_eq!(earlier, None, "an answered start is not sent again");
    }
    0
}

/// Each event that a reader was told is in the log as it was told, and the file is whole.
async fn see_all_that_was_told(program: &Program, data: &Path, world: &Mutex<World>) {
    let news: Vec<(TaskId, Vec<String>)> = {
        let world = world.lock().unwrap();
        let told = world.told.iter().map(|(id, told)| (id.clone(), told.lock().unwrap().clone()));
        told.filter(|(id, told)| told.len() > world.compared.get(id).copied().unwrap_or(0)).collect()
    };
    for (id, told) in news {
        let log = program.log(&id).await;
        assert!(log.len() >= told.len(), "{id}: {} events were told, {} are there", told.len(), log.len());
        assert_eq!(log[..told.len()], told[..], "{id}");
        world.lock().unwrap().compared.insert(id, told.len());
    }
    let file = rusqlite::Connection::open(data.join("flightdeck.sqlite")).unwrap();
    let said: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(said, "ok");
}

/// There are as many tasks as there were starts, whatever became of the first tries; and no log has a gap.
fn see_each_start_once(data: &Path, world: &Mutex<World>) {
    let names = std::fs::read_dir(data).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    let kept: Vec<String> = names.filter(|name| name.contains("damaged") || name.contains("suspect")).collect();
    assert_eq!(kept, [""; 0], "no kill is taken for damage");
    let file = rusqlite::Connection::open(data.join("flightdeck.sqlite")).unwrap();
    let number = |query: &str| file.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(number("SELECT count(*) FROM tasks"), world.lock().unwrap().tasks.len() as i64);
    let gaps = "SELECT count(*) FROM (SELECT t.last_seq, count(e.seq) AS events, max(e.seq) AS newest
        FROM tasks t LEFT JOIN events e ON e.task_id = t.id GROUP BY t.id)
        WHERE events <> last_seq OR newest <> last_seq";
    assert_eq!(number(gaps), 0, "logs are numbered without gaps");
}
