// A track to drag. It tells the page's pictures at once (the event "track" on window) and the server as fast as
// the server answers: the next value is sent when the last one has come back, so nothing piles up. Each message is
// [value, whether the hand has let go].
const tracks = new WeakMap()
const PATIENCE = 1000 // milliseconds, should an answer never come

export default ({ data, parentElement, setTriggerValue }) => {
  const input = parentElement.querySelector("input")
  const track = tracks.get(input) ?? { held: false, waiting: false, next: null, said: "" }
  tracks.set(input, track)

  const send = (message) => {
    if (String(message) === track.said) return
    track.said = String(message)
    track.waiting = true
    clearTimeout(track.timer)
    track.timer = setTimeout(answered, PATIENCE)
    setTriggerValue("moved", message)
  }
  const answered = () => {
    clearTimeout(track.timer)
    const next = track.next
    track.waiting = false
    track.next = null
    if (next) send(next)
  }
  const moved = (done) => {
    const value = Number(input.value)
    window.dispatchEvent(new CustomEvent("track", { detail: { name: data.name, value } }))
    if (track.waiting) track.next = [value, done]
    else send([value, done])
  }

  input.min = data.low
  input.max = data.high
  input.step = data.step
  input.ariaLabel = data.label
  input.onpointerdown = () => (track.held = true)
  input.onpointerup = input.onpointercancel = () => (track.held = false)
  input.oninput = () => moved(!track.held)
  input.onchange = () => moved(true)
  if (!track.held && !track.next) {
    input.value = data.value // else the hand on it knows better
    track.said = ""
  }
  if (track.waiting) answered()
}
