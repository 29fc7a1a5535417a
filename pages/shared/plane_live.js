// The plane of two inputs, in the hand: it follows the tracks (the event "track") and its own line and arrow at once,
// without waiting for the server, and draws what the server has computed as soon as that has caught up.
// All it computes is the affine w1 x1 + w2 x2 + b: where it is above 0 in the square, and at which points.
const SIDE = 360 // the whole picture; text keeps a readable size on a phone
const LEFT = 48
const TOP = 12
const SQUARE = 300
const LONGEST = 0.7 // an arrow's length never reaches it; half of it is for a w of length LIKELY
const LIKELY = 1.5
const FOOT = 0.35 // where on the line the arrow starts, until a hand has moved its tip
const LATE = 3000 // milliseconds after which the server knows better than the hand that let go
const SVG = "http://www.w3.org/2000/svg"
const planes = new WeakMap()

export default ({ data, parentElement, setTriggerValue }) => {
  const svg = parentElement.querySelector("svg")
  if (!planes.has(svg)) planes.set(svg, newPlane(svg))
  const plane = planes.get(svg)
  plane.courier.post = (message) => setTriggerValue("moved", message)
  paint(svg, getComputedStyle(parentElement.host ?? parentElement), data.roles)
  plane.take(data)
  return plane.leave
}

const paint = (svg, style, roles) => {
  const colours = style.getPropertyValue("--st-chart-categorical-colors").split(",")
  roles.forEach((role, i) => svg.style.setProperty(`--${role.replace(" ", "-")}`, colours[i]?.trim()))
}

// geometry --------------------------------------------------------------------------------------------------------

const sum = ([w1, w2, b], [x, y]) => w1 * x + w2 * y + b

// As engine.perceptron.weighted_sum: a sum that rounding cannot tell from 0 is 0.
const answer = (values, [x, y]) => {
  const rounding = 5 * Number.EPSILON * sum(values.map(Math.abs), [Math.abs(x), Math.abs(y)])
  return sum(values, [x, y]) > rounding ? 1 : 0
}

// As engine.perceptron.decision_line: the part of the square where the sum is above 0, and the line's two ends.
const clipped = (values, low, high) => {
  const corners = [[low, low], [high, low], [high, high], [low, high]] // counter-clockwise
  const region = []
  const ends = []
  corners.forEach((p, i) => {
    const q = corners[(i + 1) % 4]
    const [at, next] = [sum(values, p), sum(values, q)]
    if (at > 0) region.push(p)
    if (at > 0 === next > 0) return
    const t = at / (at - next)
    const crossing = [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]
    region.push(crossing)
    ends[at > 0 ? 0 : 1] = crossing // from the first to the second, output 1 is on the left
  })
  return { region, ends: ends.length ? ends : null }
}

const between = ([x, y], [x2, y2], t) => [x + t * (x2 - x), y + t * (y2 - y)]

// Where the arrow stands: its foot on the line, as near to `pivot` as can be; its full tip; its tip inside the square.
const arrowOf = ([w1, w2, b], ends, pivot, low, high) => {
  const size = Math.hypot(w1, w2)
  if (!ends || !size) return null
  const unit = [w1 / size, w2 / size]
  let foot = between(...ends, FOOT)
  if (pivot) {
    const off = unit[0] * pivot[0] + unit[1] * pivot[1] + b / size
    const moved = [pivot[0] - off * unit[0], pivot[1] - off * unit[1]]
    if (moved.every((x) => low < x && x < high)) foot = moved
  }
  const length = (LONGEST * size) / (size + LIKELY)
  const room = unit.map((u, i) => (u > 0 ? (high - foot[i]) / u : u < 0 ? (low - foot[i]) / u : Infinity))
  const end = (long) => [foot[0] + long * unit[0], foot[1] + long * unit[1]]
  return { foot, unit, tip: end(length), shown: end(Math.min(length, ...room)) }
}

// The weights whose arrow leads from foot to tip.
const weightsOf = (foot, tip) => {
  const across = [tip[0] - foot[0], tip[1] - foot[1]]
  const length = Math.min(Math.hypot(...across), LONGEST * 0.98)
  const size = (LIKELY * length) / (LONGEST - length)
  return across.map((d) => (d / (Math.hypot(...across) || 1)) * size)
}

const isSame = (values, others) => values.every((value, i) => value === others[i])

const rounded = (value, places) => Number(value.toFixed(places)) + 0 // + 0: no -0

// drawing ---------------------------------------------------------------------------------------------------------

const newPlane = (svg) => {
  const part = (name) => svg.querySelector(`.${name}`)
  const courier = newCourier()
  let data = null // what the server said last
  let ahead = null // [w1, w2, b] where a hand is ahead of the server
  let pivot = null // where the arrow's foot was when a hand took its tip
  let grabbed = null // what a hand holds in this picture
  let late

  const px = ([x, y]) => {
    const scale = SQUARE / (data.high - data.low)
    return [LEFT + (x - data.low) * scale, TOP + (data.high - y) * scale]
  }
  const put = (name, start, end) => {
    const [[x1, y1], [x2, y2]] = [px(start), px(end)]
    for (const [key, value] of Object.entries({ x1, y1, x2, y2 })) part(name).setAttribute(key, value.toFixed(2))
  }
  const polygon = (name, corners) => part(name).setAttribute("points", corners.map((p) => p.join()).join(" "))

  const drawLine = (values, { ends, region }) => {
    polygon("region", region.map(px))
    for (const name of ["line", "grip"]) {
      part(name).style.display = ends ? "" : "none"
      if (ends) put(name, ...ends)
    }
    const arrow = arrowOf(values, ends, pivot, data.low, data.high)
    for (const name of ["shaft", "tip", "handle"]) part(name).style.display = arrow ? "" : "none"
    if (!arrow) return
    const [x, y] = px(arrow.shown)
    const [u, v] = [arrow.unit[0], -arrow.unit[1]] // on screen, y points down
    put("shaft", arrow.foot, arrow.shown)
    polygon("tip", [[x + 8 * u, y + 8 * v], [x - 7 * u - 7 * v, y - 7 * v + 7 * u], [x - 7 * u + 7 * v, y - 7 * v - 7 * u]])
    part("handle").setAttribute("cx", x)
    part("handle").setAttribute("cy", y)
  }
  const drawWrong = (wrong) =>
    [...part("points").children].forEach((point, i) => point.classList.toggle("is-wrong", wrong[i]))

  const draw = () => {
    drawLine(ahead ?? data.values, ahead ? clipped(ahead, data.low, data.high) : data)
    drawWrong(data.points.map(({ x, y, target, wrong }) => (ahead ? answer(ahead, [x, y]) !== target : wrong)))
    svg.dataset.ahead = Boolean(ahead) // for whoever looks at the page
  }

  const lead = (values) => {
    ahead = values
    clearTimeout(late)
    late = setTimeout(() => {
      if (!grabbed) follow()
    }, LATE)
    if (isSame(values, data.values)) follow()
    else draw()
  }
  const follow = () => {
    clearTimeout(late)
    ahead = null
    draw()
  }

  const followTrack = ({ detail }) => {
    const index = data.names.indexOf(detail.name)
    if (index >= 0) lead((ahead ?? data.values).map((value, i) => (i === index ? detail.value : value)))
  }

  // the hand

  const place = (event) => {
    const box = svg.getBoundingClientRect()
    const scale = (SIDE / box.width) * ((data.high - data.low) / SQUARE)
    const [left, top] = [(LEFT * box.width) / SIDE, (TOP * box.width) / SIDE]
    return [
      data.low + (event.clientX - box.left - left) * scale,
      data.high - (event.clientY - box.top - top) * scale,
    ]
  }
  const byLine = (at) => {
    const [w1, w2] = grabbed.values
    const b = grabbed.values[2] - sum([w1, w2, 0], [at[0] - grabbed.at[0], at[1] - grabbed.at[1]])
    return [w1, w2, rounded(Math.max(-data.limit, Math.min(data.limit, b)), 2)]
  }
  const byTip = (at) => {
    const tip = at.map((x, i) => grabbed.tip[i] + x - grabbed.at[i])
    const [w1, w2] = weightsOf(pivot, tip).map((w) => rounded(w, 1))
    return [w1, w2, rounded(-sum([w1, w2, 0], pivot), 2)] // the line goes on through the arrow's foot
  }
  const grab = (event, move) => {
    if (!event.isPrimary || event.button) return
    event.preventDefault()
    const values = ahead ?? data.values
    const { foot, tip } = arrowOf(values, clipped(values, data.low, data.high).ends, pivot, data.low, data.high)
    if (move === byTip) pivot = foot
    grabbed = { move, values, tip, at: place(event), moved: false }
    svg.setPointerCapture(event.pointerId)
    svg.classList.add("held")
  }
  const moved = (event) => {
    if (!grabbed) return
    const values = grabbed.move(place(event))
    const allowed = values.every((value) => Math.abs(value) <= data.limit) && (values[0] || values[1])
    if (!allowed || isSame(values, ahead ?? data.values)) return
    grabbed.moved = true
    lead(values)
    courier.tell([values, false])
  }
  const released = () => {
    if (grabbed?.moved) courier.tell([ahead ?? data.values, true])
    grabbed = null
    svg.classList.remove("held")
  }

  for (const [name, move] of [["grip", byLine], ["handle", byTip]]) {
    part(name).onpointerdown = (event) => grab(event, move)
    // A finger on it does not scroll the page; touch-action is not heeded inside a picture.
    part(name).addEventListener("touchstart", (event) => event.preventDefault(), { passive: false })
  }
  svg.onpointermove = moved
  svg.onpointerup = svg.onpointercancel = released
  window.addEventListener("track", followTrack)

  return {
    courier,
    take: (given) => {
      data = given
      furnish(svg, data, px)
      if (!grabbed && courier.isEmpty()) courier.forget()
      if (ahead && isSame(ahead, data.values)) follow() // the server has caught up
      else draw()
      courier.answered()
    },
    leave: () => {
      window.removeEventListener("track", followTrack)
      clearTimeout(late)
      courier.leave()
    },
  }
}

const make = (name, attributes, text) => {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  if (text !== undefined) element.textContent = text
  return element
}

// What no hand moves: axes, words, points.
const furnish = (svg, data, px) => {
  svg.setAttribute("aria-label", data.alt)
  const [left, bottom] = px([data.low, data.low])
  const ticks = data.ticks.flatMap((tick) => {
    const [x, y] = px([tick, tick])
    const text = String(tick).replace("-", "−")
    return [
      make("line", { x1: x, x2: x, y1: TOP, y2: bottom }),
      make("line", { x1: left, x2: left + SQUARE, y1: y, y2: y }),
      make("text", { x, y: bottom + 17, "text-anchor": "middle" }, text),
      make("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, text),
    ]
  })
  svg.querySelector(".ticks").replaceChildren(
    ...ticks,
    make("text", { x: left + SQUARE / 2, y: bottom + 36, "text-anchor": "middle" }, data.titles[0]),
    make(
      "text",
      { transform: `translate(13 ${TOP + SQUARE / 2}) rotate(-90)`, "text-anchor": "middle" },
      data.titles[1],
    ),
  )
  svg.querySelector(".points").replaceChildren(
    ...data.points.map((point) => {
      const [x, y] = px([point.x, point.y])
      const group = make("g", { class: "point", transform: `translate(${x} ${y})` })
      group.append(
        point.target
          ? make("circle", { class: "mark one", r: 9 })
          : make("rect", { class: "mark zero", x: -8, y: -8, width: 16, height: 16 }),
        make("path", { class: "wrong", d: "M-15 0A15 15 0 1 0 15 0A15 15 0 1 0-15 0M12 12l9 9m0-9l-9 9" }),
        make("text", { class: "name", y: -19, "text-anchor": "middle" }, point.label),
        make("title", {}, point.detail),
      )
      return group
    }),
  )
}
