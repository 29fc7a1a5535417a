def section():
    pass
