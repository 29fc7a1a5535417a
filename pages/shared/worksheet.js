// Makes the worksheet from what is on screen and from what the server tells, and saves it. All that is known of the
// app's page stands in `onScreen`; what is not found there is left out, or stands as plain text.
const PATIENCE = 4000 // milliseconds for the unseen texts to be set
const WIDEST = 42 // em of a formula on paper; a wider one gets smaller letters
const PRINTED = 0.19 // millimetres of a pixel: smaller, and the letters could not be read
const MOST = { pictures: 4, formulas: 14, tables: 2 }
const made = new WeakSet()

export default ({ data, parentElement }) => {
  const status = parentElement.querySelector("p")
  if (made.has(status)) return
  made.add(status)
  let address
  const make = async () => {
    const seen = await onScreen(parentElement, data)
    address = URL.createObjectURL(new Blob([sheetOf(seen, data)], { type: "text/html" }))
    const again = make_("a", data.words.again)
    again.href = address
    again.download = data.name
    status.replaceChildren(`${data.words.saved} `, again)
    again.click()
  }
  make()
  return () => address && URL.revokeObjectURL(address)
}

const make_ = (name, text = "", kind = "") => {
  const node = document.createElement(name)
  node.textContent = text
  if (kind) node.className = kind
  return node
}

// the app's page ------------------------------------------------------------------------------------------------------

const onScreen = async (own, data) => {
  const main = own.ownerDocument.querySelector("[data-testid=stMain]")
  const texts = await unseenTexts(main, data)
  const outside = [own.host?.closest("[data-testid=stExpander]"), main.querySelector(".st-key-terms")]
  const shown = (name) =>
    [...main.querySelectorAll(name)].filter((node) => node.checkVisibility() && !outside.some((box) => box?.contains(node)))
  const style = getComputedStyle(own.host)
  const pictures = shown("[data-testid=stVegaLiteChart], [data-testid^=stBidiComponent]").flatMap((host) => {
    const parts = [...(host.shadowRoot ?? host).querySelectorAll("svg[role], svg.marks, canvas")].filter((part) => {
      const box = part.getBoundingClientRect()
      return part.checkVisibility({ visibilityProperty: true }) && box.width > 60 && box.height > 40
    })
    return parts.length ? [{ svg: copyPicture(parts, style, data.light), legend: legendOf(host, style, data.light) }] : []
  })
  return {
    texts,
    pictures,
    formulas: shown(".katex-display").map((node) => ({ math: mathOf(node), wide: emOf(node), before: captionOf(node) })),
    tables: shown("[data-testid=stTableStyledTable]").map((node) => copyTable(node, data.rows)),
    results: shown("[data-testid=stMetric]").map((node) =>
      ["stMetricLabel", "stMetricValue"].map((part) => node.querySelector(`[data-testid=${part}] p`)?.textContent ?? ""),
    ),
  }
}

// Question, and question and explanation of each task, set by the app.
const unseenTexts = async (main, data) => {
  const wanted = [data.question, ...data.tasks.flatMap((task) => [task.question, task.explanation])]
  const parts = () => [...main.querySelectorAll(`.st-key-${data.unseen} [data-testid=stMarkdown]`)]
  const isSet = (part) => part.textContent.trim() && !/\$[^$]+\$/.test(part.textContent)
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((done) => setTimeout(done, 50)))
    if (parts().length === wanted.length && parts().every(isSet)) return parts().map(words)
  return wanted.map((text) => [text])
}

const mathOf = (node) => {
  const math = node.querySelector("math").cloneNode(true)
  math.querySelector("annotation")?.remove()
  math.querySelector("semantics")?.replaceWith(...math.querySelector("semantics").childNodes)
  return math
}

const emOf = (node) => {
  const boxes = [...node.querySelectorAll(".katex-html > .base")].map((base) => base.getBoundingClientRect())
  const wide = Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left))
  return wide / parseFloat(getComputedStyle(node.querySelector(".katex")).fontSize) || 0
}

// The words right above a formula, if they are short.
const captionOf = (node) => {
  const before = node.closest("[data-testid=stElementContainer]")?.previousElementSibling
  const text = before?.querySelector("[data-testid=stMarkdown]")
  const fits = text?.checkVisibility() && text.textContent.length < 170 && !text.querySelector(".katex-display, h2, h3")
  return fits ? words(text) : []
}

// Of each line of a player's legend: its swatch, its name, the number beside it.
const legendOf = (host, style, light) =>
  [...(host.shadowRoot?.querySelectorAll(".legend li") ?? [])]
    .filter((line) => line.checkVisibility())
    .map((line) => ({
      swatch: [...line.querySelectorAll("svg")].map((drawing) => copyPicture([drawing], style, light)),
      name: line.querySelector("span")?.textContent ?? "",
      value: line.querySelector("b")?.textContent ?? "",
    }))

const cellOf = (cell) => words(cell.querySelector("p") ?? cell)

const copyTable = (node, most) => {
  const body = [...node.querySelectorAll("tbody tr")]
  const cells = (row) => [...row.children].map(cellOf)
  return {
    head: [...node.querySelectorAll("thead th")].map(cellOf),
    rows: body.slice(0, most).map(cells),
    more: Math.max(body.length - most, 0),
    title: node.ariaLabel ?? "",
  }
}

// A piece of the page as text with nothing but these elements, and formulas.
const KEPT = { P: "p", STRONG: "b", EM: "i", CODE: "code", BR: "br", UL: "ul", OL: "ol", LI: "li" }
const words = (node) => [...node.childNodes].flatMap(word)
const word = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return [node.textContent]
  if (node.nodeType !== Node.ELEMENT_NODE || /^(BUTTON|svg|STYLE)$/.test(node.tagName)) return []
  if (node.classList.contains("katex")) return [mathOf(node)]
  if (!KEPT[node.tagName]) return words(node)
  const copy = make_(KEPT[node.tagName])
  copy.append(...words(node))
  return [copy]
}

// the sheet -----------------------------------------------------------------------------------------------------------

const part = (title, kind, ...inside) => {
  const node = make_("section", "", kind)
  node.append(make_("h2", title), make_("div"))
  node.lastChild.append(...inside)
  return node
}

const tableOf = ({ head, rows, more, title }, data) => {
  const figure = make_("figure")
  const table = figure.appendChild(make_("table"))
  const line = (cells, name) => {
    const row = make_("tr")
    for (const cell of cells) row.appendChild(make_(name)).append(...[cell].flat())
    return row
  }
  if (title) figure.prepend(make_("figcaption", title))
  table.appendChild(make_("thead")).append(line(head, "th"))
  table.appendChild(make_("tbody")).append(...rows.map((row) => line(row, "td")))
  if (more) figure.append(make_("p", data.words.more.replace("{n}", more), "more"))
  return figure
}

const formulaOf = ({ math, wide, before }, told) => {
  const figure = make_("figure", "", "formula")
  markTold(math, told)
  if (before.length && !numbersOf(before.map((each) => each.textContent ?? each).join(" ")).some(told)) {
    figure.appendChild(make_("figcaption")).append(...before)
  }
  if (wide > WIDEST) math.style.fontSize = `${(100 * WIDEST) / wide}%`
  figure.append(math)
  return figure
}

const pictureOf = ({ svg, legend }, told) => {
  markPicture(svg, told)
  const figure = make_("figure", "", svg.querySelector(".answer") ? "picture" : "picture once")
  const [wide, high] = svg.getAttribute("viewBox").split(" ").slice(2)
  figure.style.flexBasis = `${Math.min(wide * PRINTED, 170)}mm`
  svg.style.maxHeight = `${Math.min(high * PRINTED, ...(high > wide ? [] : [54]), 105)}mm`
  figure.append(svg)
  const lines = legend.map(({ swatch, name, value }) => {
    const line = make_("span")
    line.append(...swatch, ` ${name} ${numbersOf(value).some(told) ? "" : value}`)
    return line
  })
  if (lines.length) figure.appendChild(make_("figcaption", "", "legend")).append(...lines)
  return figure
}

const pairsOf = (pairs, kind, mark) => {
  const list = make_("dl", "", kind)
  for (const [label, value] of pairs) {
    const entry = list.appendChild(make_("div"))
    entry.append(make_("dt", label), make_("dd", mark ? "" : value))
    if (mark) entry.lastChild.append(make_("b", value, /\d/.test(value) ? "answer" : ""))
  }
  return list
}

const taskOf = (task, [asked, explained], data) => {
  const box = make_("div", "", "task")
  box.append(...asked)
  const answer = box.appendChild(make_("p", `${data.words.answer} `))
  answer.append(make_("b", task.answer, "answer"))
  box.appendChild(make_("div", "", "later")).append(...explained)
  return box
}

// All that the sheet holds, answers included and marked; `once`: on page 1 only; `later`: on page 2 only.
const contents = (seen, data) => {
  const given = new Set([...data.settings, ...data.given.flatMap((table) => table.rows)].flat().flatMap(numbersOf).map(size))
  const formulas = seen.formulas.slice(0, MOST.formulas)
  const answers = new Set(formulas.flatMap(({ math }) => markResults(math)).filter((text) => digits(text) >= TELLING).map(size))
  const told = (text) => digits(text) >= TELLING && answers.has(size(text)) && !given.has(size(text))
  const says = data.words
  const tables = (seen.tables.length ? seen.tables : [data.table]).slice(0, MOST.tables).map((each) => tableOf(each, data))
  const asked = new Set(tables.flatMap((table) => markTable(table.querySelector("table"), told, data.not_asked)))
  const toldToo = (text) => told(text) || (digits(text) >= TELLING && asked.has(size(text)) && !given.has(size(text)))
  const lists = data.given.map((table) => tableOf(table, data))
  const pictures = seen.pictures.slice(0, MOST.pictures).map((picture) => pictureOf(picture, toldToo))
  const written = formulas.map((formula) => formulaOf(formula, told))
  const tasks = data.tasks.map((task, i) => taskOf(task, seen.texts.slice(2 * i + 1, 2 * i + 3), data))
  const alike = pictures.every((picture) => picture.classList.contains("once"))
  const question = make_("div", "", "question")
  question.append(...seen.texts[0])
  return [
    question,
    data.settings.length ? part(says.settings, "once", pairsOf(data.settings, "settings")) : "",
    lists.length ? part(says.given, "given once", ...lists) : "",
    pictures.length ? part(says.picture, alike ? "pictures once" : "pictures", ...pictures) : "",
    written.length ? part(says.formulas, "formulas", ...written) : "",
    seen.results.length ? part(says.results, "", pairsOf(seen.results, "results", true)) : "",
    tables.length ? part(says.table, "tables", ...tables) : "",
    tasks.length ? part(says.task, "tasks", ...tasks) : "",
  ].filter(Boolean)
}

const pageOf = (title, parts, kind, data) => {
  const page = make_("main", "", kind)
  const head = page.appendChild(make_("header"))
  head.append(make_("p", [data.words.app, ...data.titles.slice(0, 1)].join(" · ")), make_("h1", title))
  page.append(...parts.map((each) => each.cloneNode(true)))
  for (const other of page.querySelectorAll(kind === "solution" ? ".once" : ".later")) other.remove()
  return page
}

const sheetOf = (seen, data) => {
  const title = data.titles.at(-1) ?? data.words.app
  const parts = contents(seen, data)
  const tasks = pageOf(title, parts, "tasks-page", data)
  for (const answer of tasks.querySelectorAll(".answer")) putBlank(answer)
  const line = make_("p", "", "who")
  line.append(make_("span", data.words.name), make_("span", data.words.date))
  const screen = make_("p", `${data.words.link} ${data.link}`, "how")
  tasks.querySelector("header").after(line, make_("p", data.words.how, "how"), screen)
  const solution = pageOf(`${data.words.solution}: ${title}`, parts, "solution", data)
  const file = document.implementation.createHTMLDocument(title)
  file.documentElement.lang = data.language
  const policy = file.head.appendChild(make_("meta"))
  policy.httpEquiv = "Content-Security-Policy"
  policy.content = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
  file.head.prepend(Object.assign(make_("meta"), { charset: "utf-8" }))
  file.head.firstChild.setAttribute("charset", "utf-8")
  file.head.append(Object.assign(make_("meta"), { name: "viewport", content: "width=device-width" }), make_("style", data.css))
  file.body.append(tasks, solution)
  return `<!doctype html>\n${file.documentElement.outerHTML}`
}
