// A track to drag. It tells the page's pictures at once (the event "track" on window), and the server by courier.
// Each message is [value, whether the hand has let go].
const tracks = new WeakMap()
const LINEAR = { toTrack: (value) => value, toValue: (place) => place }
const LOGARITHMIC = { toTrack: Math.log10, toValue: (place) => Number((10 ** place).toPrecision(3)) }

export default ({ data, parentElement, setTriggerValue }) => {
  const input = parentElement.querySelector("input")
  const track = tracks.get(input) ?? { held: false, courier: newCourier() }
  const { courier } = track
  tracks.set(input, track)
  courier.post = (message) => setTriggerValue("moved", message)

  const { toTrack, toValue } = data.log ? LOGARITHMIC : LINEAR
  const moved = (done) => {
    const value = Math.min(data.high, Math.max(data.low, toValue(Number(input.value)))) // rounding must not leave it
    input.ariaValueText = data.log ? String(value) : null
    window.dispatchEvent(new CustomEvent("track", { detail: { name: data.name, value } }))
    courier.tell([value, done])
  }

  const ground = getComputedStyle(parentElement.host ?? parentElement).getPropertyValue("--st-background-color")
  input.style.colorScheme = parseInt(ground.trim().slice(1, 3), 16) < 128 ? "dark" : "light"
  input.min = toTrack(data.low)
  input.max = toTrack(data.high)
  input.step = data.step
  input.ariaLabel = data.label
  input.ariaValueText = data.log ? String(data.value) : null
  input.onpointerdown = () => (track.held = true)
  input.onpointerup = input.onpointercancel = () => (track.held = false)
  input.oninput = () => moved(!track.held)
  input.onchange = () => moved(true)
  if (!track.held && courier.isEmpty()) {
    input.value = toTrack(data.value) // else the hand on it knows better
    courier.forget()
  }
  courier.answered()
}
