//! Curves of generation and of requests over loopback, as pictures in `docs/performance`.

use std::ops::Range;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::generation::{Generator, build, operations, root, scaled, scratch};
use crate::loopback;
use crate::processes::{Used, least};

/// The numbers of copies of the document with 12 operations: 12 to 9,996 operations.
const TIMES: [usize; 6] = [1, 8, 25, 83, 250, 833];
/// Requests in flight.
const IN_FLIGHT: [usize; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

const COLORS: [RGBColor; 3] = [RGBColor(31, 119, 180), RGBColor(214, 95, 14), RGBColor(44, 140, 68)];

/// A curve: its name, and its points.
type Curve = (&'static str, Vec<(f64, f64)>);

/// The texts and the axes of a picture. Both axes are logarithmic.
struct Axes {
    title: &'static str,
    x: &'static str,
    y: &'static str,
    xs: Range<f64>,
    ys: Range<f64>,
}

/// Measures, and writes the pictures.
pub fn write() {
    generation();
    requests();
}

fn generation() {
    build();
    let generators = Generator::PROGENITOR;
    let mut times: Vec<Curve> = generators.iter().map(|it| (it.name(), Vec::new())).collect();
    let mut memory = times.clone();
    println!("| operations | generator | time | memory |\n|---|---|---|---|");
    for repeated in TIMES {
        let document = scaled(&root().join("specs/altmarket.yaml"), repeated);
        let out = |generator: &Generator| scratch("out").join(generator.name().replace([' ', ','], "-"));
        let mut runs: Vec<_> = generators.iter().map(|it| || it.run(&document, &out(it))).collect();
        let mut runs: Vec<&mut dyn FnMut() -> Used> = runs.iter_mut().map(|run| run as _).collect();
        let rounds = if repeated > 100 { 1 } else { 3 };
        let count = operations(&document);
        for (index, used) in least(rounds, &mut runs).iter().enumerate() {
            println!("| {count} | {} | {:.3} s | {} MB |", times[index].0, used.seconds(), used.megabytes());
            times[index].1.push((count as f64, used.seconds()));
            memory[index].1.push((count as f64, used.megabytes() as f64));
        }
    }
    let (x, xs) = ("operations in the document", 10.0..12_000.0);
    let (title, y) = ("Generation: processor time", "seconds");
    draw("generation-time.svg", &Axes { title, x, y, xs: xs.clone(), ys: 0.005..200.0 }, &times);
    let (title, y) = ("Generation: peak memory", "megabytes");
    draw("generation-memory.svg", &Axes { title, x, y, xs, ys: 5.0..5_000.0 }, &memory);
}

fn requests() {
    let rates = loopback::rates(10, 4_096, &IN_FLIGHT);
    loopback::print(&rates);
    let curve = |rate: fn(&loopback::Rate) -> f64| rates.iter().map(|it| (it.in_flight as f64, rate(it))).collect();
    let curves = [("plain reqwest", curve(|it| it.reqwest)), ("venuekit", curve(|it| it.venuekit))];
    let axes = Axes {
        title: "Requests over loopback",
        x: "requests in flight",
        y: "requests per second",
        xs: 1.0..300.0,
        ys: 1_000.0..100_000.0,
    };
    draw("requests.svg", &axes, &curves);
}

/// Writes a picture into `docs/performance`.
fn draw(file: &str, axes: &Axes, curves: &[Curve]) {
    let folder = root().join("docs/performance");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(file);
    let area = SVGBackend::new(&path, (720, 440)).into_drawing_area();
    chart(&area, axes, curves).unwrap_or_else(|error| panic!("cannot draw {file}: {error}"));
    area.present().unwrap();
    println!("wrote {}", path.strip_prefix(root()).unwrap_or(Path::new(file)).display());
}

fn chart(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    axes: &Axes,
    curves: &[Curve],
) -> Result<(), Box<dyn std::error::Error>> {
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(area)
        .caption(axes.title, ("sans-serif", 20))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(72)
        .build_cartesian_2d(axes.xs.clone().log_scale(), axes.ys.clone().log_scale())?;
    let number = |value: &f64| value.to_string();
    chart
        .configure_mesh()
        .x_desc(axes.x)
        .y_desc(axes.y)
        .x_label_formatter(&number)
        .y_label_formatter(&number)
        .light_line_style(WHITE)
        .draw()?;
    for ((name, points), color) in curves.iter().zip(COLORS) {
        chart
            .draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(2)).point_size(4))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], color.stroke_width(2)));
    }
    let mut legend = chart.configure_series_labels();
    legend.position(SeriesLabelPosition::UpperLeft).background_style(WHITE).border_style(BLACK).draw()?;
    Ok(())
}
