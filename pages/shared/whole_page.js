// From a frame in another page to this very screen on a page of its own, whatever has been changed meanwhile.
export default ({ data, parentElement }) => {
  const link = parentElement.querySelector("a")
  const aim = () => {
    const address = new URL(location.href)
    for (const name of ["embed", "embed_options", "view"]) address.searchParams.delete(name)
    link.href = address
  }
  link.textContent = data
  for (const event of ["onfocus", "onpointerenter", "onpointerdown", "onclick"]) link[event] = aim
  aim()
}
