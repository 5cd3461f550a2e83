//! `cargo bench -p autodiff-benches --features peers`: see the crate's documentation.

use autodiff_benches::case::{Role, Size};
use autodiff_benches::measure::Effort;
use autodiff_benches::{bars, linearity, measure, memory, plot, programs, report};
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

struct Options {
    effort: Effort,
    size: Size,
    peers: bool,
    out: PathBuf,
    /// Parts of names; all programs if there are none.
    filters: Vec<String>,
}

impl Options {
    fn parse() -> Result<Options, Box<dyn Error>> {
        let mut options = Options {
            effort: Effort::FULL,
            size: Size::Full,
            peers: true,
            out: PathBuf::from(env!("CARGO_TARGET_TMPDIR")),
            filters: Vec::new(),
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // Cargo passes it.
                "--bench" => {}
                "--quick" => options.effort = Effort::QUICK,
                "--small" => options.size = Size::Small,
                "--no-peers" => options.peers = false,
                "--out" => options.out = arguments.next().ok_or("--out needs a folder")?.into(),
                _ if argument.starts_with('-') => {
                    return Err(format!("unknown option {argument}").into());
                }
                _ => options.filters.push(argument),
            }
        }
        Ok(options)
    }
}

/// glibc hands blocks back to the system above a size that grows with the largest one freed so far
/// (up to 32 MB), and taking them anew costs a page fault each 4 kB. Freeing a large one first makes
/// figures independent of which programs ran before; they are those of a process that has its memory.
fn keep_memory() {
    drop(std::hint::black_box(vec![1_u8; 31 << 20]));
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let options = Options::parse()?;
    keep_memory();
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    for (name, build) in programs::ALL {
        if !options.filters.is_empty() && !options.filters.iter().any(|f| name.contains(f.as_str()))
        {
            continue;
        }
        // Built only now, so that the inputs of one program are not in memory during the others.
        for mut case in build(options.size) {
            eprintln!("{}", case.name);
            if !options.peers {
                case.contestants.retain(|c| c.role != Role::Peer);
            }
            let disagreements = case.disagreements();
            if disagreements.is_empty() {
                lines.push(measure::run(case, options.effort));
            } else {
                wrong.extend(disagreements);
            }
        }
    }
    let mut growths = Vec::new();
    if linearity::is_wanted(&options.filters) {
        eprintln!("linearity");
        growths = linearity::run(options.effort, options.size.pick(10_000, usize::MAX));
    }

    let verdicts = bars::judge(&lines, &growths);
    print!("{}", report::markdown(&lines, &growths, &verdicts));
    std::fs::create_dir_all(&options.out)?;
    let json = options.out.join("gradients.json");
    let text =
        serde_json::to_string_pretty(&report::json(options.effort, &lines, &growths, &verdicts))?;
    std::fs::write(&json, text)?;
    let svg = options.out.join("gradients.svg");
    plot::svg(&svg, &lines)?;
    eprintln!("written: {}, {}", json.display(), svg.display());
    if wrong.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nNot measured, because the gradients are not the same:\n");
    for line in wrong {
        println!("* {line}");
    }
    Ok(ExitCode::FAILURE)
}
