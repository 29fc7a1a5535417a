// Which numbers of a worksheet are to be found: it marks them with the class "answer"; page 1 puts blanks in their place.
// A number is an answer where a formula ends in it ("z = 0.5 · 2 + 1 = 2"), and where it stands in the later columns of
// results of a table. The same number elsewhere would give the answer away, so that it is one as well.
const RELATIONS = ["=", "≈", "←"]
const NESTED = "mfrac,msqrt,mroot,msub,msubsup,munder,mover,munderover,mtable"
const NUMBER = /[−-]?\d[\d,]*(?:\.\d+)?(?:(?:e|×10\^)[−-]?\d+)?/g
const WHOLE = new RegExp(`^${NUMBER.source}%?$`)
const TELLING = 3 // digits of a number that cannot be the same by chance

const said = (node) => node.textContent.replace(/[\s\u2061-\u2064\u200b\u2060]/g, "")
const size = (text) => String(Math.abs(Number(text.replace(/[,%]/g, "").replace("×10^", "e").replaceAll("−", "-"))))
const digits = (text) => text.split(/e|×/)[0].replace(/\D/g, "").replace(/^0+/, "").length
const numbersOf = (text) => text.match(NUMBER) ?? []

// formulas ------------------------------------------------------------------------------------------------------------

const mathml = (name, text = "", kind = "") => {
  const node = document.createElementNS("http://www.w3.org/1998/Math/MathML", name)
  if (text) node.textContent = text
  if (kind) node.setAttribute("class", kind)
  return node
}

const writtenNumber = (text) => {
  const [, sign, mantissa, , exponent, percent] = text.match(/^([−-]?)([\d.,]+)(×10\^([−-]?\d+))?(%?)$/)
  const row = mathml("mrow", "", "answer")
  if (sign) row.append(mathml("mo", "−"))
  row.append(mathml("mn", mantissa))
  if (exponent) {
    const power = mathml("msup")
    power.append(mathml("mn", "10"), mathml("mn", exponent.replace("-", "−")))
    row.append(mathml("mo", "×"), power)
  }
  if (percent) row.append(mathml("mo", "%"))
  return row
}

// The number that a row ends in after its last relation, as [text, its leaves]; null if there is something else.
const lastNumber = (leaves, table) => {
  const top = (leaf) => leaf.parentElement.closest(NESTED) === table
  const at = leaves.findLastIndex((leaf) => ["=", "≈"].includes(said(leaf)) && top(leaf))
  const tail = leaves.slice(at + 1)
  if (at < 0 || !tail.length || !tail.every(top)) return null
  const raised = (leaf) => leaf.closest("msup")?.children[1].contains(leaf)
  const text = tail.map((leaf, i) => (raised(leaf) && !raised(tail[i - 1] ?? leaf.ownerDocument.body) ? "^" : "") + said(leaf))
  return WHOLE.test(text.join("")) ? [text.join(""), tail] : null
}

// Mark the results of one formula; those of a chain only (a = b + c = 3): what is said at once (w = 3) is given.
const markResults = (math) => {
  const table = [...math.querySelectorAll("mtable")].find((each) => !each.parentElement.closest("mtable")) ?? null
  const alone = table && said(table) === said(math)
  const rows = alone ? [...table.children] : [math]
  const found = []
  let relations = 0
  for (const row of rows) {
    const leaves = [...row.querySelectorAll("mn,mo,mi,mtext,ms")].filter(said)
    if (!leaves.length) continue
    if (!alone || said(row.firstElementChild)) relations = 0
    relations += leaves.filter((leaf) => RELATIONS.includes(said(leaf))).length
    const end = relations > 1 ? lastNumber(leaves, alone ? table : null) : null
    if (!end) continue
    const [text, [first, ...rest]] = end
    for (const leaf of rest) (leaf.closest("msup") ?? leaf).remove()
    first.replaceWith(writtenNumber(text))
    found.push(text)
  }
  return found
}

const markTold = (math, told) => {
  for (const leaf of math.querySelectorAll("mn")) {
    if (leaf.closest(".answer") || !told(said(leaf))) continue
    const row = mathml("mrow", "", "answer")
    leaf.replaceWith(row)
    row.append(leaf)
  }
}

// tables --------------------------------------------------------------------------------------------------------------

const isResult = (text) => /\d[.,]\d|\d%|= ?[−-]?\d/.test(text)

// The later half of the columns that hold results; a sum that is written out always. `not`: titles of other columns.
const resultColumns = (rows, titles, not) => {
  const wide = Math.max(0, ...rows.map((row) => row.length))
  const columns = Array.from({ length: wide }, (_, at) => rows.map((row) => row[at]?.textContent ?? ""))
  const share = (column, test) => column.filter(test).length / column.length
  const results = [...columns.keys()].slice(1).filter((at) => !not.includes(titles[at]) && share(columns[at], isResult) >= 0.5)
  const chosen = results.slice(Math.floor(results.length / 2))
  return results.filter((at) => chosen.includes(at) || share(columns[at], (text) => text.includes("=")) >= 0.5)
}

// One row stays as an example: the first that gives no other answer away. Returns the sizes of what is asked.
// A column that nobody computes (`not`) may repeat the row's answer: then even a short number is no chance.
const markTable = (table, told, not) => {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells])
  const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent)
  const columns = resultColumns(rows, titles, not)
  const tells = (cell) => numbersOf(cell.textContent).some(told)
  const example = Math.max(rows.findIndex((row) => !row.some(tells)), 0)
  const found = []
  rows.forEach((row, index) => {
    const wanted = row.filter((cell, at) => index !== example && columns.includes(at) && /\d/.test(cell.textContent))
    const sizes = wanted.flatMap((cell) => numbersOf(cell.textContent)).filter((text) => digits(text) >= TELLING).map(size)
    const same = (cell) => numbersOf(cell.textContent).some((text) => sizes.includes(size(text)))
    const broken = wanted.map((cell) => cell.textContent).filter((text) => text.includes("."))
    const repeats = (cell, at) => not.includes(titles[at]) && broken.includes(cell.textContent)
    const marked = row.filter((cell, at) => wanted.includes(cell) || tells(cell) || same(cell) || repeats(cell, at))
    marked.forEach(markCell)
    found.push(...sizes)
  })
  return found
}

const markCell = (cell) => {
  const at = cell.querySelector("math") ? -1 : cell.textContent.lastIndexOf("=")
  const answer = document.createElement("b")
  answer.className = "answer"
  if (at < 0) answer.append(...cell.childNodes)
  else answer.textContent = cell.textContent.slice(at + 1).trim()
  cell.replaceChildren(at < 0 ? "" : `${cell.textContent.slice(0, at + 1)} `, answer)
}

// pictures ------------------------------------------------------------------------------------------------------------

const markPicture = (svg, told) => {
  for (const text of svg.querySelectorAll("text, tspan")) {
    if (text.childElementCount || !numbersOf(text.textContent).some(told)) continue
    const answer = document.createElementNS(text.namespaceURI, "tspan")
    answer.setAttribute("class", "answer")
    answer.append(...text.childNodes)
    text.append(answer)
  }
}

// blanks --------------------------------------------------------------------------------------------------------------

const putBlank = (answer) => {
  if (answer.namespaceURI.endsWith("MathML")) answer.replaceWith(mathml("mtext", "\u2003".repeat(7), "blank"))
  else {
    answer.setAttribute("class", "blank")
    answer.textContent = answer.namespaceURI.endsWith("svg") ? "?" : "\u2003\u2003\u2003"
  }
}
