// The plane: what the network answers at each point as colours, the border between two classes, the samples on it.
const CLASS_ROLES = ["class 0", "class 1", "analytic", "numeric", "highlight", "value", "gradient", "muted", "text"]
const CLASS_SHAPES = ["square", "circle", "triangle", "diamond", "cross", "drop", "bar", "post", "wedge", "plus"]
const PALE = 0.5 // how much of a colour stands in a field, the rest is the ground
const BINS = 12 // colours of the samples of a regression
const FIELD_SIDE = 400
const FINDS = 14 // pixels within which the pointer finds a sample

const roleOf = (number) => CLASS_ROLES[number % CLASS_ROLES.length]

// A colour of the theme, #rrggbb, as three numbers.
const rgb = (root, role) => {
  const text = getComputedStyle(root).getPropertyValue(variable(role)).trim()
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16))
}
const mixed = (one, other, share) => one.map((value, i) => Math.round(value * (1 - share) + other[i] * share))
const packed = ([red, green, blue]) => (255 << 24) | (blue << 16) | (green << 8) | red

// The colour of each of the 256 bytes: from one role over the ground to another, or one role a class.
const rampBetween = (root, low, high) => {
  const ground = rgb(root, "surface")
  const ends = [low, high].map((role) => mixed(ground, rgb(root, role), PALE))
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const share = byte / 127.5 - 1
    return packed(mixed(ground, ends[share < 0 ? 0 : 1], Math.abs(share)))
  })
}
const colourEach = (root) => {
  const ground = rgb(root, "surface")
  return Uint32Array.from({ length: 256 }, (_, byte) => packed(mixed(ground, rgb(root, roleOf(byte)), PALE)))
}

const drawBytes = (canvas, bytes, side, ramp) => {
  if (canvas.width !== side) canvas.width = canvas.height = side
  const context = canvas.getContext("2d")
  const image = context.createImageData(side, side)
  const pixels = new Uint32Array(image.data.buffer)
  for (let i = 0; i < bytes.length; i++) pixels[i] = ramp[bytes[i]]
  context.putImageData(image, 0, 0)
}

// A sample's mark as a path; its shape tells its class.
const markPath = (shape, x, y, r) => {
  const [left, right, top, bottom] = [x - r, x + r, y - r, y + r].map(px)
  const [cx, cy] = [px(x), px(y)]
  const thin = r * 0.45
  switch (shape) {
    case "circle":
      return `M${left} ${cy}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`
    case "square":
      return `M${px(x - 0.9 * r)} ${px(y - 0.9 * r)}h${1.8 * r}v${1.8 * r}h${-1.8 * r}Z`
    case "triangle":
      return `M${cx} ${top}L${right} ${bottom}H${left}Z`
    case "wedge":
      return `M${cx} ${bottom}L${right} ${top}H${left}Z`
    case "drop":
      return `M${left} ${cy}L${right} ${top}V${bottom}Z`
    case "diamond":
      return `M${cx} ${px(y - 1.2 * r)}L${px(x + 1.2 * r)} ${cy}L${cx} ${px(y + 1.2 * r)}L${px(x - 1.2 * r)} ${cy}Z`
    case "bar":
      return `M${left} ${px(y - thin)}h${2 * r}v${2 * thin}h${-2 * r}Z`
    case "post":
      return `M${px(x - thin)} ${top}h${2 * thin}v${2 * r}h${-2 * thin}Z`
    default: {
      const arm = r - thin
      return `M${px(x - thin)} ${top}h${2 * thin}v${arm}h${arm}v${2 * thin}h${-arm}v${arm}h${-2 * thin}v${-arm}h${-arm}v${-2 * thin}h${arm}Z`
    }
  }
}

// A field so flat that its 256 steps would show as stairs, smoothed: the mean of each pixel and its neighbours.
const FLAT = 60 // steps between its lowest and its highest pixel
const smoothed = (bytes, side) => {
  const [low, high] = bytes.reduce(([low, high], byte) => [Math.min(low, byte), Math.max(high, byte)], [255, 0])
  if (high - low > FLAT) return bytes
  let values = Float32Array.from(bytes)
  for (let pass = 0; pass < 8; pass++) {
    const step = pass % 2 ? side : 1
    values = values.map((value, i) => {
      const inside = step === 1 ? i % side > 0 && i % side < side - 1 : i >= side && i < side * (side - 1)
      return inside ? (values[i - step] + 2 * value + values[i + step]) / 4 : value
    })
  }
  return values
}

// Where the field crosses half of its range, cell by cell, as a path: marching squares.
const borderOf = (bytes, side, place) => {
  const HALF = 127.5
  let d = ""
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) {
      const at = row * side + column
      const corners = [bytes[at], bytes[at + 1], bytes[at + side + 1], bytes[at + side]]
      const places = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]]
      const cuts = []
      for (let i = 0; i < 4; i++) {
        const [a, b] = [corners[i], corners[(i + 1) % 4]]
        if (a > HALF === b > HALF) continue
        const share = (HALF - a) / (b - a)
        const [from, to] = [places[i], places[(i + 1) % 4]]
        cuts.push(place(from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])))
      }
      for (let i = 0; i + 1 < cuts.length; i += 2) d += `M${cuts[i].map(px)}L${cuts[i + 1].map(px)}`
    }
  }
  return d
}

const newField = (root, number) => {
  const box = root.querySelector(".field")
  const [canvas, shade] = [box.querySelector("canvas"), box.querySelector(".shade")]
  const axes = newAxes(box.querySelector("svg"), `lab-field-${number}`)
  const [samples, border] = [make("g"), make("path", { class: "border" })]
  const ring = make("circle", { class: "ring", r: 10 })
  axes.inside.append(border, samples)
  axes.above.append(ring)
  let film, at, ramp, frame, radius

  const roles = () => (film.kind === "value" ? ["gradient", "value"] : ["class 0", "class 1"])
  const roleAt = (label) => {
    const [low, high] = film.answer_ends
    return Math.round(between((label - low) / (high - low), 0, 1) * BINS)
  }
  const colourOf = (label) => {
    if (film.kind !== "value") return inRole(roleOf(label))
    const share = (2 * roleAt(label)) / BINS - 1
    const [low, high] = roles()
    return `color-mix(in srgb, ${inRole(share < 0 ? low : high)} ${px(100 * Math.abs(share))}%, var(--surface))`
  }

  // Classes have a shape each, filled to train on and empty to test on; the values of a regression, whose colour may be
  // the ground's, a dark rim, and a shape for either.
  const shapeOf = (label, test) =>
    film.kind === "value" ? (test ? "diamond" : "circle") : CLASS_SHAPES[label % CLASS_SHAPES.length]
  const lookOf = (colour, test) => {
    if (film.kind === "value") return { class: "sample value", style: `fill:${colour}` }
    return test ? { class: "sample test", style: `stroke:${colour}` } : { class: "sample", style: `fill:${colour}` }
  }

  const drawSamples = (showTests) => {
    const groups = new Map()
    for (const point of film.points) {
      if (point.test && !showTests) continue
      const name = `${point.test ? 1 : 0} ${film.kind === "value" ? roleAt(point.label) : point.label}`
      if (!groups.has(name)) groups.set(name, { point, d: "" })
      groups.get(name).d += markPath(shapeOf(point.label, point.test), ...at(point.x, point.y), radius)
    }
    const inOrder = [...groups.values()].sort((a, b) => b.point.test - a.point.test) // what is learned from lies above
    samples.replaceChildren(
      ...inOrder.map(({ point, d }) => {
        const colour = colourOf(point.label)
        return make("path", { d, ...lookOf(colour, point.test) })
      }),
    )
  }

  // What the picture shows at a point: the number of a class, or a value between those of the four pixels around it.
  const answerAt = (x, y) => {
    const [bytes, last] = [film.answer(frame), film.side - 1]
    const column = between((x - film.x[0]) / (film.x[1] - film.x[0]), 0, 1) * last
    const row = between((film.y[1] - y) / (film.y[1] - film.y[0]), 0, 1) * last
    if (film.kind === "many") return bytes[Math.round(row) * film.side + Math.round(column)]
    const [left, top] = [Math.min(Math.floor(column), last - 1), Math.min(Math.floor(row), last - 1)]
    const [across, down] = [column - left, row - top]
    const at = (below, right) => bytes[(top + below) * film.side + left + right]
    const byte =
      (at(0, 0) * (1 - across) + at(0, 1) * across) * (1 - down) + (at(1, 0) * (1 - across) + at(1, 1) * across) * down
    const [low, high] = film.answer_ends
    return low + ((high - low) * byte) / 255
  }

  return {
    colourOf,
    shapeOf,
    lookOf,
    canvas,
    take: (given) => (film = given),
    layOut: (outer, titles, showTests) => {
      const width = Math.min(outer - 60, FIELD_SIDE)
      const [left, top] = [50, 10]
      const [[x0, x1], [y0, y1]] = [film.x, film.y]
      at = (x, y) => [left + ((x - x0) / (x1 - x0)) * width, top + ((y1 - y) / (y1 - y0)) * width]
      at.back = (across, down) => [x0 + ((across - left) / width) * (x1 - x0), y1 - ((down - top) / width) * (y1 - y0)]
      at.box = { left, top, width, height: width, outer: [width + 60, width + 52] }
      const most = Math.max(3, Math.round(width / 70))
      const ticks = (low, high) => ticksBetween(low, high, most)
      furnish(
        axes,
        at.box,
        titles,
        ticks(x0, x1).map((tick) => [at(tick, y0)[0], plain(tick)]),
        ticks(y0, y1).map((tick) => [at(x0, tick)[1], plain(tick)]),
      )
      Object.assign(shade.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${width}px` })
      const spread = width / (film.side - 1) // the outermost pixels stand for points on the picture's edges
      Object.assign(canvas.style, { left: `${-spread / 2}px`, top: `${-spread / 2}px` })
      canvas.style.width = canvas.style.height = `${width + spread}px`
      canvas.classList.toggle("cells", film.kind === "many")
      const many = film.points.length
      radius = many <= 12 ? 8 : many <= 120 ? 5 : many <= 600 ? 3.8 : 2.8
      box.style.width = `${at.box.outer[0]}px`
      ring.style.display = "none"
      drawSamples(showTests)
      return at.box.outer
    },
    recolour: () => (ramp = film.kind === "many" ? colourEach(root) : rampBetween(root, ...roles())),
    draw: (index) => {
      frame = index
      const bytes = film.answer(frame)
      drawBytes(canvas, bytes, film.side, ramp)
      const cell = at.box.width / (film.side - 1)
      const place = (column, row) => [at.box.left + column * cell, at.box.top + row * cell]
      border.setAttribute("d", film.kind === "two" ? borderOf(smoothed(bytes, film.side), film.side, place) : "")
    },
    svg: axes.svg,
    samples: drawSamples,
    // The point of the plane under the pointer, or null.
    under: (event) => {
      const shown = axes.svg.getBoundingClientRect()
      const scale = at.box.outer[0] / shown.width
      const [across, down] = [(event.clientX - shown.left) * scale, (event.clientY - shown.top) * scale]
      const { left, top, width } = at.box
      if (across < left || across > left + width || down < top || down > top + width) return null
      return at.back(across, down)
    },
    // The sample near a point, and what the network answers there.
    seen: ([x, y], showTests) => {
      let best = null
      const [across, down] = at(x, y)
      for (const point of film.points) {
        if (point.test && !showTests) continue
        const [left, top] = at(point.x, point.y)
        const distance = Math.hypot(left - across, top - down)
        if (distance < (best?.distance ?? FINDS)) best = { distance, point, left, top }
      }
      ring.style.display = best ? "" : "none"
      if (best) {
        ring.setAttribute("cx", best.left)
        ring.setAttribute("cy", best.top)
      }
      const to = best ? best.point : { x, y }
      return { point: best?.point, x: to.x, y: to.y, answer: answerAt(to.x, to.y) }
    },
    leave: () => (ring.style.display = "none"),
  }
}
