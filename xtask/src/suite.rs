//! Runs the steps one after the other, all of them also after a failure, and
//! sums them up. Those that wait more than they compute run beside the others, one at a time.

use std::sync::mpsc;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::process;
use crate::steps::{STEPS, Step, Stop};

/// What came of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failed,
    Unable,
}

/// `cargo xtask test`.
pub(crate) fn command(arguments: &[String]) -> Result<(), String> {
    let usage = "usage: cargo xtask test [--quick] [--only NAME,… [--alone]] [--list]";
    let mut quick = false;
    let mut alone = false;
    let mut names: Option<Vec<&str>> = None;
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--quick" => quick = true,
            "--alone" => alone = true,
            "--only" => names = Some(words.next().ok_or(usage)?.split(',').collect()),
            "--list" => {
                list();
                return Ok(());
            }
            _ => return Err(format!("{word} is unknown; {usage}")),
        }
    }
    let wanted: Vec<&Step> = match &names {
        None => STEPS.iter().filter(|step| step.quick || !quick).collect(),
        Some(names) => select(STEPS, names, !alone)?,
    };
    let outcome = run(&wanted);
    if quick {
        let rest: Vec<&str> = STEPS
            .iter()
            .filter(|step| !step.quick)
            .map(|step| step.name)
            .collect();
        println!("\nleft out by --quick: {}", rest.join(", "));
    }
    outcome
}

/// Runs the steps of one name or tag.
pub(crate) fn only(name: &str) -> Result<(), String> {
    run(&select(STEPS, &[name], true)?)
}

fn list() {
    for step in STEPS {
        let mark = if step.quick { "quick" } else { "" };
        println!("{:<20} {mark:<6} {}", step.name, step.about);
    }
}

/// The steps with these names or tags in order; `whole` adds what they come after.
fn select<'a>(steps: &'a [Step], names: &[&str], whole: bool) -> Result<Vec<&'a Step>, String> {
    let mut wanted: Vec<&str> = Vec::new();
    for name in names {
        let before = wanted.len();
        wanted.extend(
            steps
                .iter()
                .filter(|step| step.name == *name || step.tags.contains(name))
                .map(|step| step.name),
        );
        if wanted.len() == before {
            return Err(format!(
                "there is no step {name}; `cargo xtask test --list` shows them"
            ));
        }
    }
    // A step stands after what it needs, so one way from the end finds all.
    for step in steps.iter().rev().filter(|_| whole) {
        if wanted.contains(&step.name) {
            wanted.extend(step.after);
        }
    }
    Ok(steps
        .iter()
        .filter(|step| wanted.contains(&step.name))
        .collect())
}

/// A line of the summary.
#[derive(Clone)]
struct Line {
    name: &'static str,
    verdict: Verdict,
    time: Duration,
    notes: Vec<String>,
}

/// What came of the steps so far, for both lanes.
#[derive(Default)]
struct Lines {
    lines: Mutex<Vec<Line>>,
    added: Condvar,
}

impl Lines {
    fn all(&self) -> MutexGuard<'_, Vec<Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, line: Line) {
        self.all().push(line);
        self.added.notify_all();
    }

    /// Waits until what a step comes after has ended, where it runs at all.
    fn before(&self, step: &Step, steps: &[&Step]) -> Vec<Line> {
        let awaited = |name: &&str| steps.iter().any(|step| step.name == *name);
        let is_there = |lines: &[Line], name: &str| lines.iter().any(|line| line.name == name);
        let mut lines = self.all();
        while !step
            .after
            .iter()
            .filter(|name| awaited(name))
            .all(|name| is_there(&lines, name))
        {
            lines = self
                .added
                .wait(lines)
                .unwrap_or_else(PoisonError::into_inner);
        }
        lines.clone()
    }
}

fn run(steps: &[&Step]) -> Result<(), String> {
    let start = Instant::now();
    let lines = Lines::default();
    thread::scope(|scope| {
        let (put, take) = mpsc::channel::<&Step>();
        let lines = &lines;
        scope.spawn(move || {
            for step in take {
                process::label(step.name);
                lines.add(execute(step, &lines.before(step, steps)));
            }
        });
        for step in steps {
            if !step.beside || put.send(step).is_err() {
                lines.add(execute(step, &lines.before(step, steps)));
            }
        }
    });
    let lines = lines.all();
    summary(&lines, start.elapsed());
    let failed: Vec<&str> = steps
        .iter()
        .map(|step| step.name)
        .filter(|name| {
            let line = lines.iter().find(|line| line.name == *name);
            line.is_none_or(|line| line.verdict == Verdict::Failed)
        })
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")))
    }
}

/// Runs one step, unless something hinders it.
fn execute(step: &Step, before: &[Line]) -> Line {
    println!("\n── {}: {}", step.name, step.about);
    let start = Instant::now();
    let outcome = hindrance(step, before).map_or_else(step.run, Err);
    let (verdict, notes) = match outcome {
        Ok(notes) => (Verdict::Passed, notes),
        Err(Stop::Failed(reason)) => (Verdict::Failed, vec![reason]),
        Err(Stop::Unable(reason)) => (Verdict::Unable, vec![format!("can't run here: {reason}")]),
    };
    for note in &notes {
        println!("{}: {note}", step.name);
    }
    Line {
        name: step.name,
        verdict,
        time: start.elapsed(),
        notes,
    }
}

/// Why a step can't start: what it comes after did not pass, or a program is missing.
fn hindrance(step: &Step, lines: &[Line]) -> Option<Stop> {
    for line in lines.iter().filter(|line| step.after.contains(&line.name)) {
        match line.verdict {
            Verdict::Passed => {}
            Verdict::Failed => {
                return Some(Stop::Failed(format!(
                    "not run, because {} failed",
                    line.name
                )));
            }
            Verdict::Unable => return Some(Stop::Unable(format!("{} can't run", line.name))),
        }
    }
    let missing = step
        .needs
        .iter()
        .find_map(|need| need.missing().map(|why| (need, why)))?;
    let (need, why) = missing;
    let reason = format!("{} ({why}); install it: {}", need.name, need.install);
    // A machine that guards the main branch must have everything.
    Some(if std::env::var_os("CI").is_some() {
        Stop::Failed(reason)
    } else {
        Stop::Unable(reason)
    })
}

fn summary(lines: &[Line], total: Duration) {
    println!("\n── summary");
    for line in lines {
        let word = match line.verdict {
            Verdict::Passed => "ok",
            Verdict::Failed => "FAILED",
            Verdict::Unable => "not here",
        };
        // Only the first line of what a step said: the rest stands above.
        let notes: Vec<&str> = line
            .notes
            .iter()
            .filter_map(|note| note.lines().next())
            .collect();
        let row = format!(
            "{:<20} {word:<9} {:>6.1} s   {}",
            line.name,
            line.time.as_secs_f64(),
            notes.join("; ")
        );
        println!("{}", row.trim_end());
    }
    let failed = lines
        .iter()
        .filter(|line| line.verdict == Verdict::Failed)
        .count();
    let passed = lines
        .iter()
        .filter(|line| line.verdict == Verdict::Passed)
        .count();
    println!(
        "{:<20} {:<9} {:>6.1} s",
        "together",
        "",
        total.as_secs_f64()
    );
    println!("steps: {passed} passed, {failed} failed");
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn step(
        name: &'static str,
        after: &'static [&'static str],
        run: fn() -> crate::steps::Outcome,
    ) -> Step {
        Step {
            name,
            about: "",
            tags: &["tag"],
            after,
            needs: &[],
            quick: true,
            beside: false,
            run,
        }
    }

    const fn beside(step: Step) -> Step {
        Step {
            beside: true,
            ..step
        }
    }

    #[test]
    fn a_selected_step_brings_what_it_comes_after() {
        let steps = [
            step("a", &[], || Ok(Vec::new())),
            step("b", &["a"], || Ok(Vec::new())),
            step("c", &["b"], || Ok(Vec::new())),
            step("d", &[], || Ok(Vec::new())),
        ];
        let names: Vec<&str> = select(&steps, &["c"], true)
            .unwrap_or_default()
            .iter()
            .map(|step| step.name)
            .collect();
        assert_eq!(names, ["a", "b", "c"]);
    }

    #[test]
    fn an_unknown_name_is_refused() {
        assert!(select(&[step("a", &[], || Ok(Vec::new()))], &["nothing"], true).is_err());
    }

    #[test]
    fn every_step_of_the_list_stands_after_what_it_uses() {
        for (index, step) in STEPS.iter().enumerate() {
            for name in step.after {
                assert!(
                    STEPS[..index].iter().any(|before| before.name == *name),
                    "{} after {name}",
                    step.name
                );
            }
        }
    }

    #[test]
    fn a_step_beside_is_waited_for_by_what_comes_after_it() {
        let steps = [
            beside(step("a", &[], || {
                thread::sleep(Duration::from_millis(50));
                Err(Stop::Failed("broken".to_owned()))
            })),
            step("b", &[], || Ok(Vec::new())),
            step("c", &["a"], || panic!("it ran")),
            beside(step("d", &["b"], || Ok(Vec::new()))),
        ];
        let error = run(&steps.iter().collect::<Vec<_>>()).expect_err("a failed");
        assert_eq!(error, "failed: a, c");
    }

    #[test]
    fn a_failure_stops_what_builds_on_it_and_nothing_else() {
        let steps = [
            step("a", &[], || Err(Stop::Failed("broken".to_owned()))),
            step("b", &["a"], || panic!("it ran")),
            step("c", &[], || Ok(Vec::new())),
        ];
        let error = run(&steps.iter().collect::<Vec<_>>()).expect_err("a failed");
        assert_eq!(error, "failed: a, b");
    }
}
