// Plays a training of lab_reel.py: every frame is here already, so playing, scrubbing and stepping need no server.
// It computes nothing but where on the screen a number lies. By courier goes what the server has to know: where the
// hand has let go, ["frame", index]; a point that was picked, ["pick", x1, x2]; that the film is missing, ["film", code].
const SECONDS = 8 // that a whole training takes at speed 1
const SLOWEST = 6 // frames a second of a short one
const BESIDE = 480 // pixels from which field and curves stand beside each other
const GAP = 12
const MOST_KEPT = 6
const players = new WeakMap()
const films = new Map() // code -> film that was put together, the last ones

export default ({ data, parentElement, setTriggerValue }) => {
  const root = parentElement.querySelector(".lab")
  if (!players.has(root)) players.set(root, newPlayer(root, parentElement.host ?? parentElement))
  const player = players.get(root)
  player.courier.post = (message) => setTriggerValue("told", message)
  player.take(data)
  return player.leave
}

let count = 0

const newPlayer = (root, host) => {
  const part = (name) => root.querySelector(`.${name}`)
  const [scrub, speed, tests, log] = [part("scrub"), part("speed select"), part("tests"), part("log")]
  const courier = newCourier()
  const number = ++count
  const field = newField(root, number)
  const loss = newCurves(part("loss"), `lab-loss-${number}`, "loss")
  const score = newCurves(part("score"), `lab-score-${number}`, "score")
  let data, film
  let frame = 0
  let [playing, held] = [false, false]
  let request, since

  const say = (text) => {
    part("of-plane").textContent = text || (data.pick ? data.words.pick : data.words.hover_plane)
  }
  const net = newNet(root, (text) => (part("of-net").textContent = text || data.words.hover_net))

  // what stands still

  const lay = () => {
    const wide = root.clientWidth || 320
    const beside = wide >= BESIDE
    const { words } = data
    part("panels").classList.toggle("beside", beside)
    const [outer, tall] = field.layOut(beside ? Math.min(wide * 0.63, 460) : wide, ["x₁", "x₂"], tests.checked)
    const room = beside ? wide - outer - GAP : wide
    const height = beside ? tall / 2 : 190
    const scored = film.score === "accuracy"
    loss.layOut(film, room, height, [words.epoch, words.loss], lossAxis())
    score.layOut(film, room, height, [words.epoch, scored ? words.accuracy : "R²"], {
      ends: [film.score_low, 1],
      ticks: ticksBetween(film.score_low, 1, 4).map((tick) => [tick, scored ? `${plain(100 * tick)}%` : plain(tick)]),
      log: false,
    })
    net.layOut(film, wide, words, field.canvas)
    recolour()
  }
  const lossAxis = () => {
    if (log.checked) {
      return { ends: film.loss_ends, ticks: decades(film.loss_ends).map((n) => [10 ** n, powerOfTen(n)]), log: true }
    }
    return { ends: [0, film.loss_top], ticks: ticksBetween(0, film.loss_top, 4).map((n) => [n, plain(n)]), log: false }
  }
  const recolour = () => {
    paint(root, getComputedStyle(host), data.roles)
    if (!film) return
    field.recolour()
    net.recolour()
    draw()
  }

  // what moves

  const measures = () => {
    const { words } = data
    const percent = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)}%` : "–")
    const written = film.score === "accuracy" ? percent : (value) => (Number.isFinite(value) ? plain(value) : "–")
    return [
      ["train_loss", words.train_loss, plain],
      ["test_loss", words.test_loss, plain],
      ["train_score", words.train_score, written],
      ["test_score", words.test_score, written],
    ]
      .filter(([name]) => film.now[name])
      .map(([name, label, write]) => ({ name, label, text: write(film.now[name][frame]) }))
  }

  const draw = () => {
    field.draw(frame)
    net.draw(frame)
    loss.draw(frame)
    score.draw(frame)
    scrub.value = frame
    const words = film.kept && frame === film.last ? data.words.kept : data.words.of
    const place = data.words.frame.replace("{n}", frame).replace("{last}", film.last)
    const said = words.replace("{epoch}", film.epochs[frame]).replace("{last}", film.end)
    part("read").textContent = `${said} · ${place}`
    const shown = measures()
    for (const { name, text } of shown) root.querySelector(`[data-measure=${name}]`).textContent = text
    const heard = [said, ...shown.map(({ label, text }) => `${label} ${text}`)].join("; ")
    scrub.ariaValueText = heard
    field.svg.setAttribute("aria-label", `${data.alt} · ${heard}`)
    part("first").disabled = part("back").disabled = frame === 0
    part("next").disabled = part("last").disabled = frame === film.last
  }

  const legend = () => {
    const { words } = data
    const row = (drawing, text, bold) => {
      const item = document.createElement("li")
      const name = document.createElement("span")
      name.textContent = text
      item.append(drawing, name)
      if (bold) {
        const value = document.createElement("b")
        value.dataset.measure = bold
        item.append(value)
      }
      return item
    }
    const swatch = (d, attributes) => {
      const drawing = make("svg", { viewBox: "0 0 26 14", "aria-hidden": "true" })
      drawing.append(make("path", { d, ...attributes }))
      return drawing
    }
    const lines = measures().map(({ name, label }) => {
      const { role, dash } = TRAIN_AND_TEST[name.startsWith("test") ? 1 : 0]
      return row(swatch("M1 7H25", { class: "line", style: `stroke:${inRole(role)}`, "stroke-dasharray": dash }), label, name)
    })
    part("values").replaceChildren(...lines)
    const mark = (label, colour, test = false) =>
      swatch(markPath(field.shapeOf(label, test), 13, 7, 5), field.lookOf(colour, test))
    const [low, high] = film.answer_ends
    const samples =
      film.kind === "value"
        ? [low, high].map((end) => row(mark(end, field.colourOf(end)), `y = ${plain(end)}`))
        : film.classes.map((name, i) => row(mark(i, field.colourOf(i)), words.class.replace("{name}", name)))
    const kinds = [words.trained, words.tested].map((text, i) => row(mark(0, inRole("muted"), Boolean(i)), text))
    const edge = (role) => swatch("M1 7H25", { class: "line", style: `stroke:${inRole(role)}` })
    part("legend").replaceChildren(...samples, ...(film.now.test_loss ? kinds : []), row(edge("value"), words.above), row(edge("gradient"), words.below))
    part("option-tests").hidden = !film.now.test_loss
  }

  // the hand

  const tellFrame = () => courier.tell(["frame", frame])
  const tick = (now) => {
    if (!playing) return
    since ??= now
    const pace = Math.max(SLOWEST, film.last / SECONDS) * Number(speed.value)
    const passed = Math.floor(((now - since) / 1000) * pace)
    if (passed) {
      since += (passed / pace) * 1000
      frame = Math.min(frame + passed, film.last)
      draw()
    }
    if (frame === film.last) stop()
    else request = requestAnimationFrame(tick)
  }
  const start = () => {
    if (!film) return
    if (frame === film.last) frame = 0
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
    tellFrame()
  }
  const jump = (to) => {
    if (!film) return
    stop()
    frame = between(to(), 0, film.last)
    draw()
    tellFrame()
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
  part("last").onclick = () => jump(() => film.last)
  scrub.onpointerdown = () => (held = true)
  scrub.onpointerup = scrub.onpointercancel = () => (held = false)
  scrub.oninput = () => {
    if (!film) return
    const to = Number(scrub.value)
    if (playing) stop()
    frame = between(to, 0, film.last)
    draw()
  }
  scrub.onchange = () => {
    held = false
    tellFrame()
  }
  scrub.onkeydown = (event) => {
    if (event.key !== " ") return
    event.preventDefault()
    playing ? stop() : start()
  }
  tests.onchange = () => film && field.samples(tests.checked)
  log.onchange = () => film && lay()

  // What a picture of few pixels and 256 colours can tell: a class, or a value to one or two digits.
  const rough = (value) => `≈ ${film.kind === "two" ? value.toFixed(1) : plain(Number(value.toPrecision(2)))}`
  field.svg.onpointermove = (event) => {
    const place = film && field.under(event)
    if (!place) return field.svg.onpointerleave()
    const seen = field.seen(place, tests.checked)
    const { point, x, y } = seen
    const { words } = data
    const answer = film.kind === "many" ? words.class.replace("{name}", film.classes[seen.answer]) : rough(seen.answer)
    const truth = point && (film.kind === "value" ? `y = ${plain(point.label)}` : words.class.replace("{name}", film.classes[point.label]))
    const where = `x₁ = ${x.toFixed(2)}, x₂ = ${y.toFixed(2)}`.replaceAll("-", "−")
    const kind = point && (point.test ? words.tested : words.trained)
    say([where, ...(point ? [kind, truth] : []), `${words.answer} ${answer.replace("-", "−")}`].join(" · "))
  }
  field.svg.onpointerleave = () => {
    field.leave()
    say()
  }
  field.svg.onclick = (event) => {
    const place = film && field.under(event)
    if (!place) return
    if (!data.pick) return field.svg.onpointermove(event) // a finger's way to point
    courier.forget() // the same point may be picked twice
    courier.tell(["pick", ...place.map((value) => Number(value.toPrecision(4)))])
  }

  // what the server says

  const take = async (given) => {
    data = given
    label()
    const wanted = data.code
    if (film?.code !== wanted) {
      if (!films.has(wanted)) {
        if (!data.film) {
          courier.answered()
          courier.forget()
          return courier.tell(["film", wanted])
        }
        const read = await readFilm(data.film)
        films.set(wanted, { ...read, code: wanted })
        if (films.size > MOST_KEPT) films.delete(films.keys().next().value)
      }
      if (data.code !== wanted) return // another one has come meanwhile
      film = films.get(wanted)
      scrub.max = film.last
      frame = Math.min(frame, film.last)
      field.take(film)
      sync()
      legend()
      lay()
    } else sync()
    legend()
    draw()
    courier.answered()
  }
  const sync = () => {
    if (playing || held || !courier.isEmpty()) return
    frame = Math.min(data.frame, film.last)
    courier.forget()
  }
  const label = () => {
    const { words } = data
    if (!film) field.svg.setAttribute("aria-label", data.alt) // else it says the numbers of the frame too
    loss.svg.setAttribute("aria-label", words.loss_picture)
    score.svg.setAttribute("aria-label", words.score_picture)
    net.svg.setAttribute("aria-label", words.net_picture)
    field.svg.classList.toggle("pickable", data.pick)
    scrub.ariaLabel = words.epoch
    for (const name of ["first", "back", "next", "last"]) button(name)
    word()
    net.tell()
    for (const name of ["speed", "option-tests", "option-log"]) part(name).querySelector("span").textContent = words[name]
    if (!speed.options.length) {
      speed.append(...SPEEDS.map((value) => new Option(`${value}×`, value)))
      speed.value = 1
    }
    say()
  }

  const seen = new ResizeObserver(() => {
    if (film && root.clientWidth !== seen.width) {
      seen.width = root.clientWidth
      lay()
    }
  })
  seen.observe(root)
  root.ontransitionend = (event) => event.target === root && data && recolour() // the theme has changed: see the css

  return {
    courier,
    take,
    leave: () => {
      playing = false
      cancelAnimationFrame(request)
      seen.disconnect()
      courier.leave()
      players.delete(root)
    },
  }
}
