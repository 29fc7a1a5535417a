// Plays the paths of charts/paths.py: every step is here already, so playing, scrubbing and stepping need no server.
// It computes nothing but where on the screen a number lies. What the server has to know, where the scrubber stands
// and which start was picked, goes by courier: ["step", step, let go], ["pick", x, y, let go].
const LEFT = 50
const RIGHT = 10
const TOP = 10
const BOTTOM = 42
const WIDEST = 620
const SQUAREST = 400 // pixels of a plane's side at most
const FAR = 4000 // pixels beyond the picture at which a line is cut: longer ones some browsers do not draw
const SHOWS_DOTS = 120 // so many frames can have a dot each
const LARGE_DOTS = 40
const SECONDS = 8 // that a whole run of many frames takes at speed 1
const SLOWEST = 6 // frames a second of a short run
const NEAR = 18 // pixels within which the pointer finds a point
const SHAPES = {
  star: "M0-9L2.6-3.2 8.9-2.6 4.2 1.6 5.6 7.8 0 4.5-5.6 7.8-4.2 1.6-8.9-2.6-2.6-3.2Z",
  cross: "M-7-7L7 7M7-7L-7 7",
  ring: "M-8 0A8 8 0 1 0 8 0A8 8 0 1 0-8 0",
}
const players = new WeakMap()

export default ({ data, parentElement, setTriggerValue }) => {
  const root = parentElement.querySelector(".player")
  if (!players.has(root)) players.set(root, newPlayer(root))
  const player = players.get(root)
  player.courier.post = (message) => setTriggerValue("told", message)
  paint(root, getComputedStyle(parentElement.host ?? parentElement), data.roles)
  player.take(data)
  return player.leave
}

// The part of a segment that lies near the picture, or null: Liang and Barsky (1984).
const cut = ([x, y], [x2, y2], [left, top, right, bottom]) => {
  let [from, to] = [0, 1]
  for (const [step, room] of [
    [x - x2, x - left],
    [x2 - x, right - x],
    [y - y2, y - top],
    [y2 - y, bottom - y],
  ]) {
    if (step === 0 && room < 0) return null
    if (step < 0) from = Math.max(from, room / step)
    if (step > 0) to = Math.min(to, room / step)
  }
  if (!(from <= to)) return null
  const at = (t) => [x + t * (x2 - x), y + t * (y2 - y)]
  return [at(from), at(to)]
}

// the player ----------------------------------------------------------------------------------------------------------

let count = 0

const newPlayer = (root) => {
  const part = (name) => root.querySelector(`.${name}`)
  const [scrub, speed] = [part("scrub"), part("speed").querySelector("select")]
  const courier = newCourier()
  const number = ++count
  const place = newAxes(part("place"), `player-place-${number}`)
  const loss = newAxes(part("loss"), `player-loss-${number}`)
  let data, paths, at, losses // `at` and `losses` turn numbers of the two pictures into pixels
  let frame = 0
  let [playing, held, picking] = [false, false, null]
  let request, since

  const last = () => data.steps.length - 1
  const frameOf = (path, index) => Math.min(index, path.length - 1)

  // what stands still

  const lay = () => {
    const wide = root.clientWidth || 320
    const beside = data.loss && wide >= 560
    const column = beside ? (wide - 16) / 2 : wide
    part("panels").classList.toggle("beside", Boolean(beside))
    loss.svg.style.display = data.loss ? "" : "none"
    const height = layPlace(Math.min(column, data.loss ? SQUAREST + LEFT + RIGHT : WIDEST))
    if (data.loss) layLoss(Math.min(column, WIDEST), beside ? height : 240)
    trace()
  }

  const layPlace = (outer) => {
    const width = data.kind === "plane" ? Math.min(outer - LEFT - RIGHT, SQUAREST) : outer - LEFT - RIGHT
    const height = data.kind === "plane" ? width : Math.min(Math.max(width * 0.62, 230), 360)
    const box = { left: LEFT, top: TOP, width, height, outer: [width + LEFT + RIGHT, height + TOP + BOTTOM] }
    const [[x0, x1], [y0, y1]] = [data.x, data.y]
    at = (x, y) => [LEFT + ((x - x0) / (x1 - x0)) * width, TOP + ((y1 - y) / (y1 - y0)) * height]
    at.box = box
    at.back = (left, top) => [x0 + ((left - LEFT) / width) * (x1 - x0), y1 - ((top - TOP) / height) * (y1 - y0)]
    const most = Math.max(3, Math.round(width / 70))
    furnish(
      place,
      box,
      data.titles,
      ticksBetween(x0, x1, most).map((tick) => [at(tick, y0)[0], plain(tick)]),
      ticksBetween(y0, y1, Math.max(3, Math.round(height / 60))).map((tick) => [at(x0, tick)[1], plain(tick)]),
    )
    if (place.image.getAttribute("href") !== (data.ground || "")) place.image.setAttribute("href", data.ground || "")
    place.image.style.display = data.ground ? "" : "none"
    return box.outer[1]
  }

  const layLoss = (outer, outerHeight) => {
    const [width, height] = [outer - LEFT - RIGHT, outerHeight - TOP - BOTTOM]
    const [low, high] = data.loss.range.map(Math.log10)
    const end = Math.max(1, data.steps[last()])
    const box = { left: LEFT, top: TOP, width, height, outer: [outer, outerHeight] }
    losses = (step, value) => {
      const share = value > 0 ? (Math.log10(value) - low) / (high - low) : -1
      return [LEFT + (step / end) * width, TOP + (1 - between(Number.isNaN(share) ? 2 : share, -0.02, 1.02)) * height]
    }
    const steps = ticksBetween(0, end, Math.max(3, Math.round(width / 70))).filter(Number.isInteger)
    furnish(
      loss,
      box,
      [data.words.step, data.loss.title],
      steps.map((tick) => [losses(tick, 1)[0], String(tick)]),
      decades(data.loss.range).map((power) => [losses(0, 10 ** power)[1], powerOfTen(power)]),
    )
  }

  // Cut all segments once; a frame then shows the first so many of them.
  const trace = () => {
    const { left, top, width, height } = at.box
    const near = [left - FAR, top - FAR, left + width + FAR, top + height + FAR]
    const still = data.lines.map((line) => {
      const points = pairs(unpack(line.points)).map(([x, y]) => at(x, y))
      const style = `stroke:${inRole(line.role)}`
      const drawn = make("path", { class: "still", d: joined(points), style, "stroke-dasharray": line.dashed ? "6 4" : "" })
      drawn.append(make("title", {}, line.label))
      return drawn
    })
    if (data.curve) {
      const points = pairs(unpack(data.curve)).map(([x, y]) => at(x, between(y, data.y[0] - 1e3, data.y[1] + 1e3)))
      still.unshift(make("path", { class: "curve", d: joined(points) }))
    }
    for (const path of paths) {
      const points = path.places.map(([x, y]) => at(x, y))
      path.pixels = points
      path.segments = points.slice(1).map((point, i) => {
        const both = [...points[i], ...point].every(Number.isFinite) && cut(points[i], point, near)
        return both ? `M${both[0].map(px)}L${both[1].map(px)}` : ""
      })
      path.dots = points.map((point) => (point.every((value) => Math.abs(value) < FAR) ? `M${point.map(px)}h0` : ""))
      path.heights = data.loss && path.losses && path.places.map((_, i) => losses(data.steps[i], path.losses[i]))
    }
    const marks = data.marks.map((mark) => {
      const style = `${mark.shape === "star" ? "fill" : "stroke"}:${inRole(mark.role)}`
      const drawn = make("path", { class: `mark ${mark.shape}`, d: SHAPES[mark.shape], style })
      drawn.setAttribute("transform", `translate(${at(mark.x, mark.y).map(px)})`)
      drawn.append(make("title", {}, mark.label))
      return drawn
    })
    for (const path of paths) path.parts = partsOf(path)
    place.inside.replaceChildren(
      ...still,
      ...paths.map((path) => path.parts.rim),
      ...paths.flatMap((path) => [path.parts.line, path.parts.dots, path.parts.slope, path.parts.ahead]),
      ...marks,
    )
    place.above.replaceChildren(...paths.map((path) => path.parts.now), ghost)
    const rule = make("line", { class: "rule", y1: TOP, y2: TOP + (data.loss ? loss.frame.height.baseVal.value : 0) })
    loss.rule = rule
    loss.inside.replaceChildren(rule, ...paths.map((path) => path.parts.course))
    loss.above.replaceChildren(...paths.map((path) => path.parts.height))
    draw()
  }
  const ghost = make("circle", { class: "ghost", r: 9 })

  const partsOf = (path) => {
    const style = `stroke:${inRole(path.role)}`
    const dash = path.dash.join(" ")
    return {
      rim: make("path", { class: "rim" }),
      line: make("path", { class: "line", style, "stroke-dasharray": dash }),
      dots: make("path", { class: `dots${data.steps.length <= LARGE_DOTS ? " large" : ""}`, style }),
      slope: make("path", { class: "slope", style }),
      ahead: make("path", { class: "ahead", style }),
      now: make("path", { class: "now", style: `fill:${inRole(path.role)}` }),
      course: make("path", { class: "line", style, "stroke-dasharray": dash }),
      height: make("circle", { class: "now", r: 5, style: `fill:${inRole(path.role)}` }),
    }
  }

  // what moves

  const draw = () => {
    const step = data.steps[frame]
    for (const path of paths) drawPath(path)
    const x = data.loss ? losses(step, 1)[0] : 0
    loss.rule.setAttribute("x1", x)
    loss.rule.setAttribute("x2", x)
    scrub.value = frame
    const said = data.words.of.replace("{step}", step).replace("{last}", data.steps[last()])
    part("read").textContent = said
    const heard = [said, ...paths.map(spoken)].join("; ")
    scrub.ariaValueText = heard
    place.svg.setAttribute("aria-label", `${data.alt} · ${heard}`)
    part("first").disabled = part("back").disabled = frame === 0
    part("next").disabled = part("last").disabled = frame === last()
  }

  const drawPath = (path) => {
    const index = frameOf(path, frame)
    const { parts } = path
    const d = path.segments.slice(0, index).join("")
    parts.rim.setAttribute("d", d)
    parts.line.setAttribute("d", d)
    parts.dots.setAttribute("d", data.steps.length <= SHOWS_DOTS ? path.dots.slice(0, index + 1).join("") : "")
    drawNow(path, index)
    drawSlope(path, index)
    if (path.heights) {
      parts.course.setAttribute("d", joined(path.heights.slice(0, index + 1)))
      const [x, y] = path.heights[index]
      parts.height.setAttribute("cx", x)
      parts.height.setAttribute("cy", y)
    }
    path.value.textContent = worded(path, index)
  }

  const worded = (path, index) => {
    const known = path.losses ? [path.losses[index]] : path.places[index]
    if (!known.every(Number.isFinite)) return data.words.diverged
    const value = path.losses ? plain(path.losses[index]) : ""
    return isInside(path.pixels[index]) ? value : `${value} (${data.words.outside})`
  }

  const spoken = (path) => {
    const place = path.places[frameOf(path, frame)].map(plain).join(", ")
    return `${path.label}: (${place}) ${path.value.textContent}`.trim()
  }

  const isInside = ([x, y]) => { // nan and inf are not
    const { left, top, width, height } = at.box
    return x >= left - 1 && x <= left + width + 1 && y >= top - 1 && y <= top + height + 1
  }

  // A ball where the run is; where that is outside, an arrow at the border, pointing there.
  const drawNow = (path, index) => {
    const { left, top, width, height } = at.box
    let point = path.pixels[index]
    for (let back = index; !point.every(Number.isFinite) && back > 0; ) point = path.pixels[--back]
    const inside = isInside(point)
    const shape = inside ? "M-6 0A6 6 0 1 0 6 0A6 6 0 1 0-6 0" : "M0-9L8 6H-8Z"
    const [x, y] = [between(point[0], left + 9, left + width - 9), between(point[1], top + 9, top + height - 9)]
    const angle = inside ? 0 : (Math.atan2(point[0] - x, y - point[1]) * 180) / Math.PI
    path.parts.now.setAttribute("d", shape)
    path.parts.now.setAttribute("transform", `translate(${inside ? point.map(px) : [x, y].map(px)}) rotate(${px(angle)})`)
  }

  // Along a curve: the tangent at the run's point, and how far the next step goes.
  const drawSlope = (path, index) => {
    const shown = path.slopes && path.places[index].every(Number.isFinite) && isInside(path.pixels[index])
    if (!shown) return ["slope", "ahead"].forEach((name) => path.parts[name].setAttribute("d", ""))
    const [x, y] = path.places[index]
    const reach = (data.x[1] - data.x[0]) * 0.14
    const slope = path.slopes[index]
    path.parts.slope.setAttribute("d", joined([-reach, reach].map((dx) => at(x + dx, y + slope * dx))))
    const next = path.places[index + 1]?.[0]
    const goes = Number.isFinite(next) && data.steps[index + 1] === data.steps[index] + 1
    const { left, width } = at.box
    const end = goes && between(at(next, y)[0], left - 20, left + width + 20)
    path.parts.ahead.setAttribute("d", goes ? joined([path.pixels[index], [end, path.pixels[index][1]]]) : "")
  }

  // the hand

  const go = (to, done) => {
    frame = between(to, 0, last())
    draw()
    courier.tell(["step", data.steps[frame], done])
  }
  const tick = (now) => {
    if (!playing) return
    since ??= now
    const pace = Math.max(SLOWEST, last() / SECONDS) * Number(speed.value)
    const passed = Math.floor(((now - since) / 1000) * pace)
    if (passed) {
      since += (passed / pace) * 1000
      frame = Math.min(frame + passed, last())
      draw()
    }
    if (frame === last()) stop()
    else request = requestAnimationFrame(tick)
  }
  const start = () => {
    if (frame === last()) frame = 0
    playing = true
    since = undefined
    word()
    draw()
    request = requestAnimationFrame(tick)
  }
  const stop = () => {
    if (!playing) return
    playing = false
    cancelAnimationFrame(request)
    word()
    courier.tell(["step", data.steps[frame], true])
  }
  const jump = (to) => {
    stop()
    go(to(), true)
  }
  const word = () => {
    button("play", playing ? "pause" : "play")
    part("play").append(data.words[playing ? "pause" : "play"])
  }
  const button = (name, icon = name) => {
    part(name).replaceChildren(iconOf(icon))
    part(name).title = part(name).ariaLabel = data.words[icon]
  }

  part("play").onclick = () => (playing ? stop() : start())
  part("first").onclick = () => jump(() => 0)
  part("back").onclick = () => jump(() => frame - 1)
  part("next").onclick = () => jump(() => frame + 1)
  part("last").onclick = () => jump(last)
  scrub.onpointerdown = () => (held = true)
  scrub.onpointerup = scrub.onpointercancel = () => (held = false)
  scrub.oninput = () => {
    if (playing) stop()
    go(Number(scrub.value), !held)
  }
  scrub.onchange = () => go(Number(scrub.value), true)

  // A mouse drags the start; a finger taps it, and scrolls the page.
  const underPointer = (event) => {
    const box = place.svg.getBoundingClientRect()
    const scale = at.box.outer[0] / box.width
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale]
  }
  const pick = (event, done) => {
    const pixels = underPointer(event)
    const round = (value, [low, high]) => between(Number(value.toFixed(data.digits)), low, high)
    const point = at.back(...pixels).map((value, i) => round(value, [data.x, data.y][i]))
    const [x, y] = at(...point)
    ghost.setAttribute("cx", x)
    ghost.setAttribute("cy", y)
    ghost.style.display = done ? "none" : ""
    courier.tell(["pick", ...point, done])
  }
  place.svg.onpointerdown = (event) => {
    if (!data.pick || event.pointerType === "touch" || event.button || !isInside(underPointer(event))) return
    event.preventDefault()
    picking = true
    place.svg.setPointerCapture(event.pointerId)
    pick(event, false)
  }
  place.svg.onpointermove = (event) => (picking ? pick(event, false) : tell(underPointer(event)))
  place.svg.onpointerup = place.svg.onpointercancel = (event) => {
    if (picking) pick(event, true)
    picking = null
  }
  place.svg.onclick = (event) => {
    if (data.pick && event.pointerType === "touch" && isInside(underPointer(event))) pick(event, true)
  }
  place.svg.onpointerleave = () => hint()

  // The point under the pointer, in words.
  const tell = ([x, y]) => {
    let best = null
    for (const path of paths) {
      path.pixels.slice(0, frameOf(path, frame) + 1).forEach(([left, top], i) => {
        const distance = Math.hypot(left - x, top - y)
        if (distance < (best?.distance ?? NEAR)) best = { distance, path, i }
      })
    }
    hint(best && pointed(best))
  }
  const pointed = ({ path, i }) => {
    const step = data.words.of.replace("{step}", data.steps[i]).replace("{last}", data.steps[last()])
    const value = path.losses && data.kind === "plane" ? ` · ${plain(path.losses[i])}` : ""
    return `${path.label} · ${step} · (${path.places[i].map(plain).join(", ")})${value}`
  }
  const hint = (text) => (part("hint").textContent = text || (data.pick ? data.words.pick : "") || "\u00a0")

  // what the server says

  const read = (path) => {
    const points = unpack(path.points)
    const heights = path.losses && unpack(path.losses, Float64Array)
    const places = data.kind === "plane" ? pairs(points) : [...points].map((x, i) => [x, heights[i]])
    return { ...path, places, length: places.length, losses: heights, slopes: path.slopes && unpack(path.slopes) }
  }

  const label = () => {
    const rows = paths.map((path) => {
      const [row, name, value] = ["li", "span", "b"].map((tag) => document.createElement(tag))
      const swatch = make("svg", { viewBox: "0 0 26 10", "aria-hidden": "true" })
      swatch.append(make("path", { d: "M1 5H25", style: `stroke:${inRole(path.role)}`, "stroke-dasharray": path.dash.join(" ") }))
      name.textContent = path.label
      path.value = value
      row.append(swatch, name, value)
      return row
    })
    part("legend").replaceChildren(...rows)
  }

  const seen = new ResizeObserver(() => {
    if (data && root.clientWidth !== seen.width) {
      seen.width = root.clientWidth
      lay()
    }
  })
  seen.observe(root)

  return {
    courier,
    take: (given) => {
      data = given
      paths = data.paths.map(read)
      const quiet = !playing && !held && courier.isEmpty()
      if (quiet) {
        const passed = data.steps.findIndex((step) => step >= data.step)
        frame = passed < 0 ? last() : passed
        if (!picking) courier.forget()
      }
      frame = Math.min(frame, last())
      loss.svg.setAttribute("aria-label", data.loss?.title ?? "")
      place.svg.classList.toggle("pickable", data.pick)
      scrub.max = last()
      scrub.ariaLabel = data.words.step
      for (const name of ["first", "back", "next", "last"]) button(name)
      word()
      part("speed").querySelector("span").textContent = data.words.speed
      if (!speed.options.length) {
        speed.append(...SPEEDS.map((value) => new Option(`${value}×`, value)))
        speed.value = 1
      }
      part("bar").hidden = last() === 0
      ghost.style.display = picking ? "" : "none"
      hint()
      label()
      seen.width = root.clientWidth
      lay()
      courier.answered()
    },
    leave: () => {
      playing = false
      cancelAnimationFrame(request)
      seen.disconnect()
      courier.leave()
      players.delete(root)
    },
  }
}

const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]])
