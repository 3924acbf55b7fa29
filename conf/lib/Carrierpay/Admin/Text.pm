package Carrierpay::Admin::Text;

# What people type and paste, and the lines that others see, by the rules of
# the service (base/text/typed and base/text/line); and days.

use strict;
use warnings;

use Carrierpay::Admin qw(fail);
use Exporter qw(import);
use Time::Local qw(timegm);
use Unicode::UCD qw(num);

our @EXPORT_OK = qw(day_ms typed line_wrong);

# The start of a day in UTC, as our tables have instants.

sub day_ms {
    my ($day) = @_;
    my ($year, $month, $date) = $day =~ /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/
        or fail("\"$day\" is not a date: YYYY-MM-DD");
    my $at = eval { timegm(0, 0, 0, $date, $month - 1, $year) }
        // fail("there is no $day");

    return $at * 1000;
}

# Digits of any script become those of ASCII, spaces blanks, dashes hyphens;
# what is invisible, a byte order mark for example, is dropped.  Lines of
# standard input are bytes, arguments are characters already.

sub typed {
    my ($text) = @_;

    utf8::decode($text);

    $text =~ s/\p{Default_Ignorable_Code_Point}//g;
    $text =~ tr/\x{ff01}-\x{ff5e}/!-~/;
    $text =~ s/(\p{Nd})/num($1)/ge;
    $text =~ s/\s/ /g;
    $text =~ s/[\p{Pd}\x{2043}\x{2212}]/-/g;

    return $text;
}

# What is wrong with a line that others see, or undef.

sub line_wrong {
    my ($text) = @_;

    return 'a control character' if $text =~ /\p{Cc}/;
    return 'more than one line' if $text =~ /[\x{2028}\x{2029}]/;

    # isolates are well-formed when each end has its beginning before it

    my $isolates = $text =~ s/[^\x{2066}-\x{2069}]//gr;

    while ($isolates =~ s/[\x{2066}-\x{2068}]\x{2069}//) { }

    return 'it changes the direction of text'
        if $isolates ne '' || $text =~ /[\x{202a}-\x{202e}]/;

    return 'no visible character'
        if $text !~ /[^\s\x{2800}\p{Default_Ignorable_Code_Point}]/;

    return undef;
}

1;
