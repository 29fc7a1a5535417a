// Signs that a number field would drop without a word: the minus of the numbers on screen, which learners copy, and the
// comma of many languages, where it cannot stand between thousands. A browser that writes a comma reads it by itself.
const READS_COMMA = (0.5).toLocaleString().includes(',')
const THOUSANDS = /^-?[1-9]\d{0,2}(,\d{3})+/

const plain = (text, before) => {
  const signed = text.trim().replace(/^[\u2212\u2013]|(?<=e)[\u2212\u2013]/gi, '-')
  const grouped = text === ',' ? Number(before) !== 0 : THOUSANDS.test(signed)
  return READS_COMMA || grouped ? signed : signed.replace(',', '.')
}

const onTyped = (event) => {
  if (event.target.type !== 'number' || !event.data) return
  const text = plain(event.data, event.target.value)
  if (text === event.data) return
  event.preventDefault()
  document.execCommand('insertText', false, text) // as typed by hand: the field tells the app
}

export default () => {
  document.addEventListener('beforeinput', onTyped)
  return () => document.removeEventListener('beforeinput', onTyped)
}
