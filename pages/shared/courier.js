// Carries what a hand is doing to the server, as fast as the server answers: the next message is sent when the last
// one has come back, so nothing piles up. Inline components cannot import each other: those that need this text begin
// with it (courier.py).
const PATIENCE = 1000 // milliseconds, should an answer never come

const newCourier = () => {
  let waiting = false
  let next = null
  let said = ""
  let timer
  const send = (message) => {
    if (String(message) === said) return
    said = String(message)
    waiting = true
    clearTimeout(timer)
    timer = setTimeout(courier.answered, PATIENCE)
    courier.post(message)
  }
  const courier = {
    post: null, // how a message is sent; each run of the component brings its own
    tell: (message) => {
      if (waiting) next = message
      else send(message)
    },
    answered: () => {
      if (!waiting) return
      clearTimeout(timer)
      const message = next
      waiting = false
      next = null
      if (message) send(message)
    },
    isEmpty: () => !next,
    forget: () => (said = ""), // the same message may be said again
    leave: () => clearTimeout(timer),
  }
  return courier
}

