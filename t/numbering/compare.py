#!/usr/bin/python3

# compare.py READER [NUMBERS [SEED]]: numbers of several countries, read by
# the service's own code (READER, see read.c) and by libphonenumber, which
# shares nothing with it.  Prints TAP.

import random
import re
import subprocess
import sys

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

# as in nginx.conf; a country is listed for what is odd about it, too

NUMBERING = """
BE  32 len=9 prefix=45,46,47,48,49 trunk=0 fixed=1,2,3,42,43,5,6,7,8,9;
BF  226 len=8 prefix=0,5,6,7 fixed=2;
BJ  229 len=8 prefix=4,5,6,9 fixed=2;
CG  242 len=9 prefix=0 fixed=22;
CH  41 len=9 prefix=7 trunk=0 fixed=2,3,4,5,6,71,81,91;
CI  225 len=10 prefix=01,05,07 fixed=2;
CM  237 len=9 prefix=6,242,243 fixed=222,233;
DE  49 len=10-11 prefix=15,16,17 trunk=0 fixed=2,3,4,5,6,7,8,9;
FR  33 len=9 prefix=6,7 trunk=0 fixed=1,2,3,4,5,9;
GB  44 len=10 prefix=7 trunk=0 fixed=1,2,3;
GH  233 len=9 prefix=2,5 trunk=0 fixed=3;
GN  224 len=9 prefix=6 fixed=3;
HU  36 len=9 prefix=20,30,31,50,70 trunk=06 fixed=1,2,3,4,5,6,7,8,9;
IT  39 len=9-10 prefix=3 fixed=0,1,2,4,5,6,7,8,9;
LU  352 len=9 prefix=6 fixed=2,3,4,5,7,8,9;
MA  212 len=9 prefix=6,7 trunk=0 fixed=5;
ML  223 len=8 prefix=2001,2079,217,5,6,7,8,9 fixed=2,4;
NE  227 len=8 prefix=23,7,8,9 fixed=2;
SN  221 len=9 prefix=7 fixed=3;
TG  228 len=8 prefix=7,9 fixed=2;
TN  216 len=8 prefix=2,311,312,313,3140,315,3240,3001,36,391,4,5,9
    fixed=30,31,32,7,81;
"""

DIRECTIVE = re.compile(r"([A-Z]{2})\s+(\d+) len=(\d+)(?:-(\d+))?"
                       r" prefix=([\d,]+)(?: trunk=(\d+))?\s+fixed=([\d,]+);")

E164_MAX = 15       # digits; libphonenumber knows longer ones in Germany

MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)

# what a page takes out of a typed number before it is read

BLANKS = str.maketrans("", "", " .-/()\u00a0")


class Plan:
    def __init__(self, words):
        (self.region, self.cc, low, high, self.prefixes, self.trunk,
         self.fixed) = words
        self.low = int(low)
        self.high = int(high or low)

        metadata = PhoneMetadata.metadata_for_region(self.region)
        self.mobile_numbers = self.pattern(metadata.mobile)
        self.fixed_numbers = self.pattern(metadata.fixed_line)
        self.fixed_lengths = [n for n in metadata.fixed_line.possible_length
                              if len(self.cc) + n <= E164_MAX]

    @staticmethod
    def pattern(kind):
        return re.compile(kind.national_number_pattern)

    def line(self):
        return "P %s %d %d %s %s %s" % (
            self.cc, self.low, self.high, self.trunk or "-", self.prefixes,
            self.fixed)


def digits(prefix, length):
    return prefix + "".join(random.choice("0123456789")
                            for _ in range(length - len(prefix)))


def national(plan):
    """A national number: mostly a mobile one, or fixed, or anything."""

    kind = random.random()

    if kind < 0.6:
        numbers, prefixes = plan.mobile_numbers, plan.prefixes.split(",")
        lengths = range(plan.low, plan.high + 1)

    elif kind < 0.8:
        numbers, prefixes = plan.fixed_numbers, plan.fixed.split(",")
        lengths = plan.fixed_lengths

    else:
        return digits(random.choice("0123456789"), random.randint(4, 12))

    while True:
        number = digits(random.choice(prefixes), random.choice(lengths))

        if numbers.fullmatch(number):
            return number


def typed(plan, number):
    """The number in one of the forms that people type."""

    form = random.randrange(8)

    if form == 0:
        return "+" + plan.cc + number
    if form == 1:
        return plan.cc + number
    if form == 2:
        return "00" + plan.cc + number
    if form == 3:
        return plan.trunk + number
    if form == 4:
        return "+" + plan.cc + plan.trunk + number
    if form == 7:
        return number

    try:
        parsed = phonenumbers.parse("+" + plan.cc + number, plan.region)
    except phonenumbers.NumberParseException:
        return "+" + plan.cc + number

    return phonenumbers.format_number(
        parsed, PhoneNumberFormat.NATIONAL if form == 5
        else PhoneNumberFormat.INTERNATIONAL).translate(BLANKS)


def judge(plan, text, ours):
    """What is wrong with our answer, or None."""

    kind, _, number = ours.partition(" ")
    clear = text.startswith(("+", "00", plan.trunk or "+"))

    # without its trunk prefix a fixed line is not read: the digits may be a
    # mobile line with its country code, which can pay

    if not clear and kind in ("own", "mobile") and text == number:
        if phonenumbers.is_possible_number(phonenumbers.parse("+" + text)):
            return None

    try:
        parsed = phonenumbers.parse(text, plan.region, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return "read, though it is no number" if kind != "none" else None

    theirs = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)[1:]
    valid = phonenumbers.is_valid_number(parsed)
    line = phonenumbers.number_type(parsed)

    if not theirs.startswith(plan.cc):
        return None if kind == "none" else "read, though of another country"

    # a carrier's code before it (Luxembourg) is for telephones

    if parsed.preferred_domestic_carrier_code:
        return None if kind == "none" else "read with a carrier's code"

    if len(theirs) > E164_MAX:
        return None if kind == "none" else "read, though it is too long"

    if valid and line in MOBILE:
        if kind != "own" or number != theirs:
            return "a mobile number, %s, not read as such" % theirs

    if kind in ("own", "mobile"):
        if valid and line == PhoneNumberType.FIXED_LINE:
            return "a fixed line, read as a mobile one"
        if number != theirs and (clear or valid):
            return "read as another number than %s" % theirs
        if clear and not phonenumbers.is_possible_number(parsed):
            return "read, though it is too long or too short"

    if clear and valid and line == PhoneNumberType.FIXED_LINE:
        if kind != "fixed" or number != theirs:
            return "a fixed line, %s, not known as such" % theirs

    return None


def main():
    reader = sys.argv[1]
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1

    random.seed(seed)
    print("# seed %d, libphonenumber %s" % (seed, phonenumbers.__version__))

    plans = [Plan(words) for words in DIRECTIVE.findall(NUMBERING)]
    numbers = {plan.region: [] for plan in plans}

    for i in range(total):
        plan = plans[i % len(plans)]
        numbers[plan.region].append(typed(plan, national(plan)))

    lines = []

    for plan in plans:
        lines.append(plan.line())
        lines += ["N " + text for text in numbers[plan.region]]

    answers = iter(subprocess.run(
        [reader], input="\n".join(lines) + "\n", stdout=subprocess.PIPE,
        encoding="ascii", check=True).stdout.splitlines())

    for test, plan in enumerate(plans, 1):
        wrong = []
        kinds = dict.fromkeys(("own", "mobile", "fixed", "none"), 0)

        for text in numbers[plan.region]:
            ours = next(answers)
            kinds[ours.split()[0]] += 1
            why = judge(plan, text, ours)

            if why:
                wrong.append("%s: %s: %s" % (text, ours, why))

        print("%sok %d - %s: %d numbers, %s" % (
            "not " if wrong else "", test, plan.region,
            len(numbers[plan.region]),
            ", ".join("%d %s" % (n, kind) for kind, n in kinds.items())))

        for line in wrong[:5]:
            print("# " + line)

    print("1..%d" % len(plans))


main()
