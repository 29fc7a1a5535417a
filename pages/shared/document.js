// What the whole page needs, and Streamlit does not do.
// It calls every page English, and a screen reader would pronounce Korean so.
// A table or a formula that is wider than a phone scrolls in a box that not every browser's Tab key reaches, and that
// has no name.
// And a browser that has lost its server, for a phone's sleep or a restart, may find one that has never run this page:
// until it has, it knows no section and ignores every widget in it. So the page asks to be run when the line is back.
const REST = 300 // milliseconds after a change
const watched = { subtree: true, childList: true, attributeFilter: ["data-test-connection-state", "open"] }
let watch, soon, lost

const reachBoxes = () => {
  soon = undefined
  for (const inside of document.querySelectorAll("[data-testid=stTableStyledTable], .katex-display > .katex")) {
    const box = inside.parentElement
    const isTable = inside.matches("table")
    const scrolls = box.scrollWidth > box.clientWidth || (isTable && box.scrollHeight > box.clientHeight)
    if (scrolls) box.tabIndex = 0
    else box.removeAttribute("tabindex")
    box.role = scrolls && isTable ? "region" : null
    box.ariaLabel = scrolls ? inside.ariaLabel : null
  }
}
const later = () => {
  soon ??= setTimeout(reachBoxes, REST)
}

export default ({ data, setTriggerValue }) => {
  document.documentElement.lang = data
  const app = document.querySelector("[data-testid=stApp]")
  watch?.disconnect()
  watch = new MutationObserver(() => {
    const connected = app.dataset.testConnectionState === "CONNECTED"
    if (connected && lost) setTriggerValue("back", true)
    lost = !connected
    later()
  })
  watch.observe(app, watched)
  window.addEventListener("resize", later)
  later()
  return () => {
    watch.disconnect()
    window.removeEventListener("resize", later)
  }
}
