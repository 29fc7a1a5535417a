// Once for each page that is loaded. What stands above is still being drawn and grows: stay with the exercise until it
// has come to rest, or until a hand does something.
const PATIENCE = 10_000 // ms
let arrived = false

export default ({ parentElement }) => {
  if (arrived) return
  arrived = true
  const exercise = (parentElement.host ?? parentElement).closest("[class*='st-key-part-exercise']")
  if (!exercise) return
  const stay = () => {
    exercise.scrollIntoView({ block: "start" })
    exercise.querySelector("input")?.focus({ preventScroll: true })
  }
  const watcher = new ResizeObserver(stay)
  const hands = ["wheel", "pointerdown", "keydown", "touchstart"]
  const leave = () => {
    watcher.disconnect()
    for (const hand of hands) removeEventListener(hand, leave, true)
  }
  for (const hand of hands) addEventListener(hand, leave, { capture: true, passive: true })
  setTimeout(leave, PATIENCE)
  watcher.observe(exercise.closest("[data-testid=stMainBlockContainer]") ?? exercise)
  stay()
}
