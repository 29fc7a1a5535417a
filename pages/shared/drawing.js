// What the components that draw pictures and play them have in common: colours by role, numbers in words, axes, icons.
// As courier.js it stands before the component's own text.
const SVG = "http://www.w3.org/2000/svg"
const SPEEDS = [0.25, 0.5, 1, 2, 4]
const ICONS = {
  play: "M4 2l10 6-10 6z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  first: "M2 2h2v12H2zM14 2v12L5 8z",
  back: "M12 2v12L3 8z",
  next: "M4 2l9 6-9 6z",
  last: "M12 2h2v12h-2zM2 2l9 6-9 6z",
}

const iconOf = (name) => {
  const drawing = make("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" })
  drawing.append(make("path", { d: ICONS[name] }))
  return drawing
}

const paint = (root, style, roles) => {
  const colours = style.getPropertyValue("--st-chart-categorical-colors").split(",")
  roles.forEach((role, i) => root.style.setProperty(variable(role), colours[i]?.trim()))
  const ground = style.getPropertyValue("--st-background-color")
  root.style.colorScheme = parseInt(ground.trim().slice(1, 3), 16) < 128 ? "dark" : "light"
}
const variable = (role) => `--${role.replace(" ", "-")}`
const inRole = (role) => `var(${variable(role)})`

// numbers -----------------------------------------------------------------------------------------------------------

const unpack = (text, Kind = Float32Array) => new Kind(Uint8Array.from(atob(text), (at) => at.charCodeAt(0)).buffer)

// As pages.shared.numbers.plain, four significant digits.
const plain = (value) => {
  if (Number.isNaN(value)) return "nan"
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞"
  if (value === 0) return "0"
  const [mantissa, power] = value.toExponential(3).split("e")
  const written = power >= -4 && power < 6 ? trim(value.toFixed(Math.max(3 - power, 0))) : `${trim(mantissa)}e${Number(power)}`
  return written.replaceAll("-", "−")
}
const trim = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text)

const ticksBetween = (low, high, most) => {
  const rough = (high - low) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
const powerOfTen = (exponent) =>
  "10" + String(exponent).replace("-", "⁻").replace(/\d/g, (digit) => SUPERSCRIPTS[digit])

const decades = ([low, high]) => {
  const [first, last] = [low, high].map((end) => Math.round(Math.log10(end)))
  const stride = Math.ceil((last - first) / 6) || 1
  return Array.from({ length: Math.floor((last - first) / stride) + 1 }, (_, i) => first + i * stride)
}

const between = (value, low, high) => Math.min(high, Math.max(low, value))

// svg ---------------------------------------------------------------------------------------------------------------

const make = (name, attributes = {}, text) => {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  if (text !== undefined) element.textContent = text
  return element
}
const px = (value) => value.toFixed(1)

// A pair of axes in an svg: a frame, ticks, titles, a clip, and layers to draw in.
const newAxes = (svg, id) => {
  const clip = make("rect")
  const holder = make("clipPath", { id })
  holder.append(clip)
  const image = make("image", { preserveAspectRatio: "none" })
  const ticks = make("g", { class: "ticks" })
  const inside = make("g", { "clip-path": `url(#${id})` })
  const frame = make("rect", { class: "frame" })
  const above = make("g")
  svg.replaceChildren(holder, image, ticks, inside, frame, above)
  return { svg, clip, image, ticks, inside, frame, above }
}

const furnish = (axes, box, titles, xTicks, yTicks) => {
  const { left, top, width, height } = box
  axes.svg.setAttribute("viewBox", `0 0 ${box.outer[0]} ${box.outer[1]}`)
  axes.svg.style.maxWidth = `${box.outer[0]}px`
  for (const part of [axes.clip, axes.image, axes.frame]) {
    for (const [key, value] of Object.entries({ x: left, y: top, width, height })) part.setAttribute(key, value)
  }
  const [right, bottom] = [left + width, top + height]
  const lines = [
    ...xTicks.flatMap(([x, text]) => [
      make("line", { x1: x, x2: x, y1: top, y2: bottom }),
      make("text", { x, y: bottom + 17, "text-anchor": "middle" }, text),
    ]),
    ...yTicks.flatMap(([y, text]) => [
      make("line", { x1: left, x2: right, y1: y, y2: y }),
      make("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, text),
    ]),
  ]
  const middle = top + height / 2
  axes.ticks.replaceChildren(
    ...lines,
    make("text", { x: left + width / 2, y: bottom + 35, "text-anchor": "middle" }, titles[0]),
    make("text", { transform: `translate(12 ${middle}) rotate(-90)`, "text-anchor": "middle" }, titles[1]),
  )
}

const joined = (points) => {
  let d = ""
  let drawing = false
  for (const point of points) {
    const known = point.every(Number.isFinite)
    if (known) d += `${drawing ? "L" : "M"}${point.map(px)}`
    drawing = known
  }
  return d
}
