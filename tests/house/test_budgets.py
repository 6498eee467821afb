from tests.house.reading import (
    CODE,
    TESTS,
    every,
    functions,
    length,
    lines,
    listed,
    name,
    parameters,
    text,
)

LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 300, 50, 5
USUAL_FILE, USUAL_FUNCTION = 200, 30  # 95 of 100 stay below
EXCEPTIONS = listed("exceptions.toml")
#: A migration is one long list of steps, read once.
TIMED = [path for path in CODE if not name(path).startswith("node/migrations/")]


@every(CODE)
def test_a_file_fits_one_reading(module):
    if name(module) not in EXCEPTIONS["file_length"]:
        assert lines(module) <= LONGEST_FILE


@every(TIMED)
def test_a_function_fits_on_one_screen(module):
    long = {
        called(module, function)
        for function in functions(module)
        if length(function) > LONGEST_FUNCTION
    }

    assert long <= EXCEPTIONS["function_length"].keys()


@every(CODE)
def test_a_call_is_a_sentence_and_not_a_form(module):
    long = {
        called(module, function)
        for function in functions(module)
        if parameters(function) > MOST_PARAMETERS
    }

    assert long <= EXCEPTIONS["parameters"].keys()


def test_long_files_are_rare():
    assert ninety_fifth([lines(module) for module in CODE]) <= USUAL_FILE


def test_long_functions_are_rare():
    lengths = [length(function) for module in TIMED for function in functions(module)]

    assert ninety_fifth(lengths) <= USUAL_FUNCTION


def test_there_is_at_least_a_line_of_test_for_a_line_of_code():
    source, tests = written(CODE), written(TESTS)

    assert tests >= source, f"{tests} lines of test, {source} lines of code"


def test_no_exception_is_kept_that_nothing_needs():
    files = {name(module) for module in CODE if lines(module) > LONGEST_FILE}
    long = {
        called(module, function)
        for module in TIMED
        for function in functions(module)
        if length(function) > LONGEST_FUNCTION
    }
    forms = {
        called(module, function)
        for module in CODE
        for function in functions(module)
        if parameters(function) > MOST_PARAMETERS
    }

    assert EXCEPTIONS["file_length"].keys() <= files
    assert EXCEPTIONS["function_length"].keys() <= long
    assert EXCEPTIONS["parameters"].keys() <= forms


def called(module, function):
    return f"{name(module)}:{function.name}"


def ninety_fifth(numbers):
    return sorted(numbers)[int(len(numbers) * 0.95)] if numbers else 0


def written(modules):
    return sum(
        bool(line.strip()) for module in modules for line in text(module).splitlines()
    )
