"""The lessons' sections: a folder a lesson, a module a section, each with one function `section`."""
