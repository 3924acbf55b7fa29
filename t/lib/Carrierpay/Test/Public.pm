package Carrierpay::Test::Public;

# What the service shows the outside, against what was recorded of it. A
# scenario notes answers and texts under names, and done() compares the notes
# with the file t/public/NAME.txt, or writes that file when
# CARRIERPAY_RECORD=1 is set.
#
#     my $public = Carrierpay::Test::Public->new($t);
#     $public->answer('a payment is created', $t->api(...));
#     $public->done('api', 'the API answers as recorded');
#
# Whatever differs from run to run is masked: ids, tokens, times, ports and
# folders. The same value in one note has the same mask, so that a note still
# tells which of its parts belong together.

use strict;
use warnings;

use Carrierpay::Test::Services qw(root write_file);
use Encode qw(encode);
use Test::More;

# Patterns of what is masked, in this order. A word with a number sign is
# numbered by value; of a pattern with a group the group alone is replaced.

my @MASKS = (
    [qr/nginx\/([\d.]+\d)/, 'VERSION'],
    [qr/;base64,([A-Za-z0-9+\/=]{100,})/, 'IMAGE'],
    [qr/\bcs_[0-9a-z]{13}[\w-]{22}/, 'cs_#'],
    [qr/\bms_[0-9a-z]{13}[\w-]{22}/, 'ms_#'],
    [qr/\bpay_[0-9a-hjkmnp-tv-z]{13}(?!\w)/, 'pay_#'],
    [qr/\bsub_[0-9a-hjkmnp-tv-z]{13}(?!\w)/, 'sub_#'],
    [qr/\bevt_[0-9a-hjkmnp-tv-z]{13}/, 'evt_#'],
    [qr/__Host-carrierpay=([\w-]{54})/, 'PROOF'],
    [qr/\bwebhook-signature: v1,(\S+)/i, 'SIGNATURE'],
    [qr/\btraceparent: (00-\S+)/i, 'TRACEPARENT'],
    [qr/\bwebhook-timestamp: (\d+)/i, 'SECONDS'],
    [qr/\b[0-9a-f]{32}\b/, 'id_#'],
    [qr/(?:style|script)\.([0-9a-f]{16})\.\w+/, 'HASH'],
    [qr/(?<=[="])(?=[\w-]*[A-Z\d])[\w-]{22}(?![\w-])/, 'token_#'],
    [qr/\b20\d\d-\d\d-\d\dT[\d:.]+(?:Z|\+[\d:]+)/, 'TIME'],
    [qr/\b20\d\d-\d\d-\d\d \d\d:\d\d UTC/, 'TIME'],
    [qr/\?s=sent&a=([\w-]+)/, 'SEALED'],
    [qr/\b[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} 20\d\d [\d:]{8} [A-Z+\d]+/,
     'DATE'],
    [qr/^Retry-After: (\d+)/m, 'SECONDS'],
    [qr/^RateLimit: [^\n]*;t=(\d+)/m, 'SECONDS'],
    [qr/data-wait="(\d+)"/, 'SECONDS'],
    [qr/\b(\d\d) second/, 'SECONDS'],
    [qr/(?:(?<=%20)|\b)\d{6}\b/, 'code_#'],
);

# Codes of failure and one that nothing knows

sub failure_codes {
    return qw(insufficient_funds limit_exceeded amount_not_allowed
              subscriber_not_found subscriber_not_eligible subscriber_blocked
              declined_by_subscriber authentication_failed expired
              subscriber_unreachable subscriber_busy too_frequent
              merchant_not_allowed invalid_request operator_unavailable
              cancelled fixed_line operator_not_connected number_ported
              mvno_barred currency_not_supported over_limit
              blocked_by_subscriber no_contract service_not_allowed
              category_not_allowed limit_day limit_week limit_month
              limit_total consent_exceeded
              something_else);
}

sub new {
    my ($class, $t) = @_;
    my %port = reverse(%{ $t->{port} });

    return bless { t => $t, port => \%port, notes => [] }, $class;
}

# Ports and folders of this run

sub place {
    my ($self, $text) = @_;

    $text =~ s/\Q$self->{t}{root}\E/ROOT/g;
    $text =~ s/(?<=127\.0\.0\.1:)(\d{5})\b/uc($self->{port}{$1} \/\/ $1)/ge;

    return $text;
}

sub mask {
    my ($self, $text) = @_;
    my %seen;

    $text = $self->place(utf8::is_utf8($text) ? encode('UTF-8', $text)
                                              : $text);

    for my $one (@MASKS) {
        my ($pattern, $word) = @$one;
        my (%number, $masked, $end);

        $masked = '';
        $end = 0;

        while ($text =~ /$pattern/g) {
            my ($from, $to) = defined($1) ? ($-[1], $+[1]) : ($-[0], $+[0]);
            my $value = substr($text, $from, $to - $from);
            my $n = $number{$value} // 1 + keys(%number);

            $masked .= substr($text, $end, $from - $end) . $word =~ s/#/$n/r;
            $number{$value} = $n;
            $end = $to;
        }

        $text = $masked . substr($text, $end);
    }

    return $text;
}

# A note, line by line. Blanks at the end of a line are made visible, as is
# the lack of a last newline.

sub text {
    my ($self, $name, $text) = @_;

    $text = $self->mask($text);
    $text .= "\n(no newline)\n" if $text ne '' && $text !~ /\n\z/;
    $text =~ s/([ \t\r])$/sprintf('\\x%02x', ord($1))/gme;

    push(@{ $self->{notes} }, "== $name\n\n$text");
}

# A note of an answer: all of it, with one member of JSON a line.

sub answer {
    my ($self, $name, $answer) = @_;
    my $body = $answer->{body};

    $body =~ s/,(?=")/,\n/g if defined($answer->{json});
    $self->text($name, $answer->{headers} =~ s/\r//gr . "\n"
                       . ($body eq '' ? '' : "\n$body"));

    return $answer;
}

# A note of what a page says that the page before did not.

sub difference {
    my ($self, $name, $before, $page) = @_;
    my %known = map { $_ => 1 } split(/\n/, $self->mask($before->{body}));
    my @new = grep { !$known{$_} } split(/\n/, $self->mask($page->{body}));

    $self->text($name, join('', map { "$_\n" } "status $page->{status}",
                            @new));

    return $page;
}

# A note of lines that come in no order of their own.

sub set {
    my ($self, $name, @lines) = @_;
    my %seen = map { $self->mask($_) => 1 } @lines;

    $self->text($name, join('', map { "$_\n" } sort(keys(%seen))));
}

sub done {
    my ($self, $name, $claim) = @_;
    my $file = root() . "/t/public/$name.txt";
    my $text = join("\n", @{ $self->{notes} });

    $self->{notes} = [];

    if ($ENV{CARRIERPAY_RECORD}) {
        write_file($file, $text);
        return pass("recorded: $claim");
    }

    my $new = "$self->{t}{root}/$name.txt";

    write_file($new, $text);

    my $difference = `diff -u -- $file $new 2>&1`;

    return ok($? == 0, $claim) || diag($difference);
}

1;
