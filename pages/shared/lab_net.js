// The network at a frame: each hidden unit's own field as its picture, its bias as a dot, weights as edges.
const LARGEST_TILE = 46
const TALLEST = 400 // pixels of a column of units, at most
const HEAD = 36 // pixels for the words above a column
const FOOT = 22
const SIDES = 46 // pixels for the words of inputs
const GRIP = 9 // pixels around an edge in which the pointer finds it
const THINNEST = 0.4
const THICKEST = 6
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
const small = (number, digits) => String(number).replace(/\d/g, (digit) => digits[digit])
const unitName = (layer, place) => `a${small(place + 1, SUBSCRIPTS)}⁽${small(layer, SUPERSCRIPTS)}⁾`

const newNet = (root, tell) => {
  const box = root.querySelector(".net")
  const [canvas, svg] = [box.querySelector("canvas"), box.querySelector("svg")]
  const tile = document.createElement("canvas") // a picture before it is enlarged
  let film, ramp, field, frame, edges, units, side, words
  let told = null // the unit or edge whose numbers are shown

  const nameOf = (layer, place) => (layer ? unitName(layer, place) : film.inputs[place])

  // numbers in words

  const edgeWords = ({ layer, from, to }) =>
    `${nameOf(layer - 1, from)} → ${nameOf(layer, to)}: w = ${plain(film.weight(frame, layer, from, to))}`
  const unitWords = ({ layer, place }) => {
    if (!layer) return words.input.replace("{name}", nameOf(0, place))
    const weights = Array.from(
      { length: film.shown[layer - 1] },
      (_, from) => `${plain(film.weight(frame, layer, from, place))} (${nameOf(layer - 1, from)})`,
    )
    const scale = film.scale(frame, layer, place)
    const hidden = film.sizes[layer - 1] - film.shown[layer - 1]
    const ends = layer < film.layers && film.unit_ends[layer - 1].map((of) => plain(of[place])).join(" … ")
    return [
      `${nameOf(layer, place)} (${film.activations[layer - 1]})`,
      `b = ${plain(film.bias(frame, layer, place))}`,
      `w = ${weights.join(", ")}${hidden ? `, +${hidden}` : ""}`,
      ...(scale ? [`γ = ${plain(scale[0])}, β = ${plain(scale[1])}`] : []),
      ...(ends ? [`${words.colours} ${ends}`] : []),
    ].join(" · ")
  }
  const show = (what) => {
    told = what
    for (const edge of edges) {
      const own = what?.layer === edge.layer && (what === edge || what.place === edge.to)
      edge.line.classList.toggle("told", own)
    }
    for (const unit of units) unit.group.classList.toggle("told", unit === what)
    tellAgain()
  }
  const tellAgain = () => tell(told && (told.line ? edgeWords(told) : unitWords(told)))

  // what stands still

  const centre = (layer, place, wide) => {
    const column = (wide - 2 * SIDES) / film.layers
    const rows = Math.max(...film.shown)
    const pitch = side + 8
    return [SIDES + layer * column, HEAD + ((rows - film.shown[layer]) / 2 + place + 0.5) * pitch]
  }

  const newEdge = (layer, from, to, wide) => {
    const [x1, y1] = centre(layer - 1, from, wide)
    const [x2, y2] = centre(layer, to, wide)
    const [left, right] = [x1 + side / 2, x2 - side / 2]
    const bend = (right - left) * 0.4
    const d = `M${px(left)} ${px(y1)}C${px(left + bend)} ${px(y1)} ${px(right - bend)} ${px(y2)} ${px(right)} ${px(y2)}`
    const line = make("path", { class: "edge", d })
    const grip = make("path", { class: "grip", d, "stroke-width": GRIP })
    const edge = { layer, from, to, line, grip }
    grip.onpointerenter = grip.onclick = () => show(edge)
    return edge
  }

  const newUnit = (layer, place, wide) => {
    const [x, y] = centre(layer, place, wide)
    const half = side / 2
    const group = make("g", { class: "unit", role: "img", tabindex: units.length ? -1 : 0 })
    const square = { x: px(x - half), y: px(y - half), width: px(side), height: px(side), rx: 3 }
    group.append(make("rect", { class: "rim", ...square }))
    if (!layer) group.append(make("text", { class: "name", x, y: y + 5, "text-anchor": "middle" }, nameOf(0, place)))
    if (layer === film.layers && film.kind === "many") {
      const d = markPath(CLASS_SHAPES[place % CLASS_SHAPES.length], x, y, side / 4)
      group.append(make("path", { d, class: "sample", style: `fill:${inRole(roleOf(place))}` }))
    }
    const bias = layer ? make("circle", { class: "bias", cx: px(x - half), cy: px(y + half) }) : null
    if (bias) group.append(bias)
    const unit = { layer, place, x, y, group, bias }
    group.onpointerenter = group.onclick = group.onfocus = () => show(unit)
    group.onkeydown = (event) => walk(unit, event)
    return unit
  }

  // One stop for the keyboard; arrows go on from there.
  const walk = (unit, event) => {
    const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? []
    if (across === undefined) return
    event.preventDefault()
    const layer = between(unit.layer + across, 0, film.layers)
    const place = between(unit.place + down, 0, film.shown[layer] - 1)
    const next = units.find((one) => one.layer === layer && one.place === place)
    unit.group.setAttribute("tabindex", -1)
    next.group.setAttribute("tabindex", 0)
    next.group.focus()
  }
  box.onpointerleave = () => show(units?.find(({ group }) => group.matches(":focus")) ?? null)
  box.onfocusout = () => show(null)

  // How many units, and above them their activation function where there is room for it.
  const heads = (wide) => {
    const room = (wide - 2 * SIDES) / film.layers
    return film.sizes.flatMap((size, layer) => {
      const [x] = centre(layer, 0, wide)
      const name = layer ? film.activations[layer - 1] : words.inputs
      const lines = room > 7 * name.length ? [name, size] : ["", size]
      return lines.map((text, row) => make("text", { x, y: 12 + 16 * row, "text-anchor": "middle" }, String(text)))
    })
  }
  const hidden = (wide) =>
    film.sizes.flatMap((size, layer) => {
      const more = size - film.shown[layer]
      if (!more) return []
      const [x, y] = centre(layer, film.shown[layer] - 1, wide)
      return [make("text", { x, y: y + side / 2 + 16, "text-anchor": "middle" }, `+${more}`)]
    })

  // what moves

  const drawTile = (context, source, { x, y }) => {
    context.drawImage(source, x - side / 2, y - side / 2, side, side)
  }
  const drawTiles = () => {
    const context = canvas.getContext("2d")
    const sharp = canvas.width / canvas.clientWidth || 1
    context.setTransform(sharp, 0, 0, sharp, 0, 0)
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight)
    context.imageSmoothingQuality = "high"
    for (const unit of units) {
      const { layer, place } = unit
      if (layer === film.layers) {
        if (film.kind !== "many") drawTile(context, field, unit)
        continue
      }
      if (layer) drawBytes(tile, film.unit(frame, layer, place), film.unit_side, ramp)
      else drawBytes(tile, film.input(place), film.input_side, ramp)
      drawTile(context, tile, unit)
    }
  }
  const styleOf = (value) => `stroke:${inRole(value < 0 ? "gradient" : "value")}`
  const drawEdges = () => {
    for (const { layer, from, to, line } of edges) {
      const value = film.weight(frame, layer, from, to)
      const share = Math.min(Math.abs(value) / film.strongest, 1)
      line.setAttribute("style", `${styleOf(value)};stroke-width:${px(THINNEST + (THICKEST - THINNEST) * share)}`)
    }
    for (const { layer, place, bias } of units) {
      if (!bias) continue
      const value = film.bias(frame, layer, place)
      const share = Math.sqrt(Math.min(Math.abs(value) / film.strongest, 1))
      bias.setAttribute("r", px(2 + 4.5 * share))
      bias.setAttribute("style", `fill:${inRole(value < 0 ? "gradient" : "value")}`)
    }
  }

  return {
    layOut: (given, wide, said, answer) => {
      ;[film, words, field] = [given, said, answer]
      const rows = Math.max(...film.shown)
      const column = (wide - 2 * SIDES) / film.layers
      side = Math.max(14, Math.min(LARGEST_TILE, TALLEST / rows - 8, column * 0.6))
      const tall = HEAD + rows * (side + 8) + (film.sizes.some((size, i) => size > film.shown[i]) ? FOOT : 6)
      svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`)
      for (const part of [svg, canvas]) Object.assign(part.style, { width: `${wide}px`, height: `${tall}px` })
      const sharp = window.devicePixelRatio || 1
      canvas.width = Math.round(wide * sharp)
      canvas.height = Math.round(tall * sharp)
      const focused = units?.find(({ group }) => group.matches(":focus"))
      ;[edges, units] = [[], []]
      for (let layer = 1; layer <= film.layers; layer++)
        for (let to = 0; to < film.shown[layer]; to++)
          for (let from = 0; from < film.shown[layer - 1]; from++) edges.push(newEdge(layer, from, to, wide))
      film.shown.forEach((count, layer) => {
        for (let place = 0; place < count; place++) units.push(newUnit(layer, place, wide))
      })
      svg.replaceChildren(
        ...edges.map((edge) => edge.line),
        ...edges.map((edge) => edge.grip),
        ...heads(wide),
        ...hidden(wide),
        ...units.map((unit) => unit.group),
      )
      told = null
      const again = focused && units.find((one) => one.layer === focused.layer && one.place === focused.place)
      again?.group.focus()
      return tall
    },
    recolour: () => (ramp = rampBetween(root, "gradient", "value")),
    draw: (index) => {
      frame = index
      drawTiles()
      drawEdges()
      for (const unit of units) unit.group.setAttribute("aria-label", unitWords(unit))
      tellAgain()
    },
    tell: tellAgain,
    svg,
  }
}
