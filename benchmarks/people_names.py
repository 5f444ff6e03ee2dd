"""Invented names for measuring: some 2,000 first and 2,000 family names, a few of them very common.

A search for two letters must find tens of thousands of people, as in a country, and one for a rare name a handful.
"""

import numpy as np


def _each(names: str) -> list[str]:
    return names.split()


COMMON_FIRST = _each("""
John Joan Joanne Joe Joseph Josephine Jordan Joy Jonathan Joyce Josie Jon Jodie Mary Maria Margaret Mark Martin Matthew
Maya Mariam Malik Michael Michelle Mohammed Muhammad Amir Aisha Amina Andrew Anna Anne Anita Anthony Abdul Alan Alice
Ali Alex Alexandra Amy David Daniel Danielle Deborah Dawn Derek Diane Donna Sarah Samuel Samantha Sandra Sean Sharon
Shabana Simon Sophie Stephen Steven Susan Suresh Paul Patricia Patrick Pauline Peter Philip Priya Peter Robert Rachel
Rashid Rebecca Richard Rita Roger Rosie Ruth Ryan Thomas Tariq Teresa Terence Tina Tony Tracey Christopher Christine
Carol Caroline Catherine Charles Charlotte Claire Colin Craig William Wendy Wayne Karen Kate Kathleen Keith Kelly Kevin
Kim Lauren Laura Lee Leah Liam Linda Lisa Louise Lucy Luke Emily Emma Eileen Elizabeth Ellie Eric Esther Evelyn George
Gareth Gary Gavin Gemma Geoffrey Gillian Grace Graham Hannah Harry Hassan Hazel Heather Helen Henry Hugh Ian Ibrahim
Imran Irene Isaac Isabel Ivy Barbara Barry Benjamin Beryl Beth Brenda Brian Bridget Nadia Naomi Natalie Neil Nicola
Nigel Nina Noreen Norman Oliver Olivia Omar Oscar Fatima Fiona Florence Frances Frank Freya Valerie Vera Victor Victoria
Vijay Vivien Yasmin Yusuf Yvonne Zahra Zoë Zainab Zara Renée Chloë Siân Seán André Łucja Jürgen Agnès Mary-Ann
Anne-Marie
""")

COMMON_FAMILY = _each("""
Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green
Hall Wood Jackson Clarke Khan Ali Ahmed Hussain Begum Singh Kaur Shah Lewis James Phillips Mason Mitchell Rose Davis
Cook Parker Price Bennett Young Griffiths Kelly Campbell Cooper Carter Collins Clark Morris Morgan Moore Murphy Martin
Murray Mills Ward Watson Webb Wells West Hill Harris Harrison Hughes Howard Hunt Holmes Edwards Ellis Elliott Allen
Anderson Adams Andrews Atkinson Armstrong Baker Bailey Bell Barnes Barker Butler Brooks Bradley Turner Thomas Scott
Stewart Stevens Shaw Simpson Saunders Spencer King Knight Kennedy Lee Lloyd Lawrence Graham Gray Grant Gibson Gill
Gordon Foster Fox Ford Fisher Fletcher Ferguson Reid Rees Richards Richardson Rogers Russell Reynolds Ryan O'Brien
O'Connor O'Neill McDonald McCarthy Macleod Nowak Kowalski Okafor Adeyemi Mensah Osei Diallo Chowdhury Rahman Islam Miah
Iqbal Malik Sharma Kumar Gupta Nair Reddy Fernandes Silva Costa García Müller Nguyen Chen Wang Zhang Łukasz Dvořák Ó-Sé
Pearce-Jones Lloyd-Davies Ashton-Moore Smith-Okoro Khan-Taylor
""")

NICKNAMES = _each("Jo Sam Al Mo Kit Pat Bo Lou Max Nell Sunny Ash")

SYLLABLES = _each("ba be da do el fa ga ha im ja ka la lo ma mi na ne o pa ra ri sa so ta te ul va wi ya zu")
ENDS = _each("n th l rd na sha ley ton wick more ra ri el is an")
DISTINCT = 2_000


def first_names() -> list[str]:
    """Distinct first names, the most common first."""
    return _filled(COMMON_FIRST, seed=1)


def family_names() -> list[str]:
    """Distinct family names, the most common first."""
    return _filled(COMMON_FAMILY, seed=2)


def how_common(names: int) -> np.ndarray:
    """The share of each name: about as one over its place, as names are in a country."""
    share = 1 / (np.arange(names) + 12.0)
    return share / share.sum()


def _filled(common: list[str], *, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    found = dict.fromkeys(common)
    while len(found) < DISTINCT:
        parts = [SYLLABLES[at] for at in rng.integers(0, len(SYLLABLES), rng.integers(2, 4))]
        found.setdefault(("".join(parts) + ENDS[rng.integers(0, len(ENDS))]).capitalize())
    return list(found)
