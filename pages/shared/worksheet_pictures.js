// Copies a picture of the screen as one SVG in print colours: what its classes and the theme's variables say is written
// into it, canvases become images, and in the dark theme each colour becomes its counterpart of the light one.
const OWN = ["opacity", "dominant-baseline", "display"] // with the value that need not be written
const INITIAL = { opacity: "1", "dominant-baseline": "auto", display: "inline" }
const INHERITED = [
  "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap",
  "stroke-linejoin", "font-size", "font-weight", "font-style", "text-anchor", "paint-order", "visibility",
] // prettier-ignore

const channels = (colour) => colour.match(/^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/)?.slice(1).map((c) => Number(c ?? 1))

// A colour of the theme -> a colour for paper.
const newRelight = (style, light) => {
  const ground = style.getPropertyValue("--st-background-color").trim()
  const isDark = parseInt(ground.slice(1, 3), 16) < 128
  if (!isDark) return { isDark, relight: (colour) => colour }
  const probe = document.createElement("canvas").getContext("2d")
  const plainly = (colour) => {
    probe.fillStyle = colour.trim()
    return probe.fillStyle
  }
  const roles = style.getPropertyValue("--st-chart-categorical-colors").split(",").map(plainly)
  const relight = (colour) => {
    const rgb = channels(colour)
    if (!rgb) return colour
    const at = roles.indexOf(plainly(`rgb(${rgb.slice(0, 3)})`))
    if (at >= 0 && light[at]) return rgb[3] === 0 ? "none" : light[at]
    const turned = rgb.slice(0, 3).map((c) => 255 - Math.max(...rgb.slice(0, 3)) - Math.min(...rgb.slice(0, 3)) + c)
    return Number.isNaN(rgb[3]) ? `rgb(${turned})` : `rgba(${[...turned, rgb[3]]})`
  }
  return { isDark, relight }
}

// url("https://…#gradient_0"), as a style tells it -> url(#gradient_0), for the gradient comes along.
const inFile = (value) => value.replace(/^url\(.*(#[^")]*)"?\)/, "url($1)")

// Write into `copy` what the styles of `origin` say.
const settle = (origin, copy, above, relight) => {
  if (!(origin instanceof SVGElement)) return
  const style = getComputedStyle(origin)
  for (const name of [...copy.getAttributeNames()])
    if (/^(class|style|role|tabindex|on.*|aria-.*|data-.*)$/.test(name)) copy.removeAttribute(name)
  for (const name of INHERITED) {
    const value = style.getPropertyValue(name)
    if (above && above.getPropertyValue(name) === value) copy.removeAttribute(name)
    else copy.setAttribute(name, name === "fill" || name === "stroke" ? relight(inFile(value)) : value)
  }
  for (const name of OWN) {
    const value = style.getPropertyValue(name)
    if (value !== INITIAL[name]) copy.setAttribute(name, value)
  }
  if (style.stopColor && origin.tagName === "stop") copy.setAttribute("stop-color", relight(style.stopColor))
  ;[...origin.children].forEach((child, i) => settle(child, copy.children[i], style, relight))
}

const asImage = (canvas, isDark) => {
  const copy = document.createElement("canvas")
  ;[copy.width, copy.height] = [canvas.width, canvas.height]
  const brush = copy.getContext("2d")
  if (isDark) brush.filter = "invert(1) hue-rotate(180deg)"
  brush.drawImage(canvas, 0, 0)
  const image = document.createElementNS("http://www.w3.org/2000/svg", "image")
  image.setAttribute("href", copy.toDataURL())
  image.setAttribute("preserveAspectRatio", "none")
  return image
}

// All parts of a picture where they lie; `box` is what they fill.
const copyPicture = (parts, style, light) => {
  const { isDark, relight } = newRelight(style, light)
  const boxes = parts.map((part) => part.getBoundingClientRect())
  const [left, top] = [Math.min(...boxes.map((b) => b.left)), Math.min(...boxes.map((b) => b.top))]
  const [right, bottom] = [Math.max(...boxes.map((b) => b.right)), Math.max(...boxes.map((b) => b.bottom))]
  const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  whole.setAttribute("viewBox", `0 0 ${right - left} ${bottom - top}`)
  whole.setAttribute("width", right - left)
  parts.forEach((part, i) => {
    const copy = part instanceof SVGElement ? part.cloneNode(true) : asImage(part, isDark)
    if (part instanceof SVGElement) settle(part, copy, null, relight)
    const place = { x: boxes[i].left - left, y: boxes[i].top - top, width: boxes[i].width, height: boxes[i].height }
    for (const [name, value] of Object.entries(place)) copy.setAttribute(name, value)
    whole.append(copy)
  })
  return whole
}
