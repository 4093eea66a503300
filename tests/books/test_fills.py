from __future__ import annotations

import pytest

from kqi_workbook.books.fills import fill_formulas_from, filled_word


@pytest.mark.parametrize("word", ["G", "Amber", 'the "best"', "two\nlines"])
def test_the_word_is_known_again_in_every_formula_for_it(word: str) -> None:
    assert set(map(filled_word, fill_formulas_from("F5", word))) == {word}


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        ('=LEFT(F5,1)="G"', "G"),
        ('= LEFT( $F5 , 5 ) = "Amber"', "Amber"),
        ('=LEFT(F5,LEN("Amber"))="Amber"', "Amber"),
        ('=LEFT(F5,10)="the ""best"""', 'the "best"'),
        ('=RIGHT(F5,1)="G"', None),
        ("=LEFT(F5,1)=G$1", None),
        ('=F5="G"', None),
        ("", None),
    ],
)
def test_a_formula_is_read_in_whatever_way_it_was_written(formula: str, word: str | None) -> None:
    assert filled_word(formula) == word
