// Loss and score over the epochs: training and test, a rule at the frame.
const TRAIN_AND_TEST = [
  { kind: "train", role: "value", dash: "" },
  { kind: "test", role: "gradient", dash: "7 4" },
]

const newCurves = (svg, id, measure) => {
  const axes = newAxes(svg, id)
  const rule = make("line", { class: "rule" })
  const lines = TRAIN_AND_TEST.map(({ role, dash }) =>
    make("path", { class: "line", style: `stroke:${inRole(role)}`, "stroke-dasharray": dash }),
  )
  const dots = TRAIN_AND_TEST.map(({ role }) => make("circle", { class: "now", r: 4.5, style: `fill:${inRole(role)}` }))
  axes.inside.append(rule, ...lines.toReversed())
  axes.above.append(...dots.toReversed())
  let film, at

  return {
    // ends: of the axis. ticks: [number, its words]. log: whether equal factors are equally far.
    layOut: (given, outer, height, titles, { ends, ticks, log }) => {
      film = given
      const [left, top] = [54, 8]
      const [width, tall] = [outer - left - 20, height - top - 42] // half of the last number is beyond the axis
      const size = log ? Math.log10 : (value) => value
      const [low, high] = ends.map(size)
      at = (epoch, value) => {
        if (!Number.isFinite(value)) return [left + (epoch / film.end) * width, NaN]
        const share = log && value <= 0 ? -1 : (size(value) - low) / (high - low)
        return [left + (epoch / film.end) * width, top + (1 - between(share, -0.02, 1.02)) * tall]
      }
      const epochs = ticksBetween(0, film.end, Math.max(2, Math.round(width / 75))).filter(Number.isInteger)
      const box = { left, top, width, height: tall, outer: [outer, height] }
      furnish(
        axes,
        box,
        titles,
        epochs.map((epoch) => [at(epoch, 1)[0], plain(epoch)]),
        ticks.map(([value, text]) => [at(0, value)[1], text]),
      )
      rule.setAttribute("y1", top)
      rule.setAttribute("y2", top + tall)
      TRAIN_AND_TEST.forEach(({ kind }, i) => {
        const values = film.curves[`${kind}_${measure}`]
        const d = values ? joined(film.at.map((epoch, place) => at(epoch, values[place]))) : ""
        lines[i].setAttribute("d", d)
      })
    },
    draw: (frame) => {
      const epoch = film.epochs[frame]
      const [x] = at(epoch, 1)
      rule.setAttribute("x1", x)
      rule.setAttribute("x2", x)
      TRAIN_AND_TEST.forEach(({ kind }, i) => {
        const values = film.now[`${kind}_${measure}`]
        const point = values && at(epoch, values[frame])
        dots[i].style.display = point?.every(Number.isFinite) ? "" : "none"
        if (!point) return
        dots[i].setAttribute("cx", point[0])
        dots[i].setAttribute("cy", Number.isFinite(point[1]) ? point[1] : 0)
      })
    },
    svg,
  }
}
