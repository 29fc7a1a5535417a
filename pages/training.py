from pages.shared import shell

shell.lesson_page("training")
