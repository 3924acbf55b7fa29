#!/usr/bin/perl

# docs/openapi.yaml names every code that the API's problems can have, and no
# other. The test first shows that it finds a code wherever one can stand.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test::Sources qw(files slurp);
use Test::More;

# What answers a request of carrierpay_api. Gateways, which call
# carrierpay_callback, operations, and the sandbox have codes of their own.

my $api = qr{^lua-free-handlers/(?:api|http|identity|limit)/};

# the functions that take a code as an argument

my $calls = qr/ngx_http_carrierpay_
               (?:reply_error|json_refuse|api_problem)/x;

my $string = qr/"(?:[^"\\\n]|\\.)*"/;
my $code = qr/[a-z]+(?:_[a-z]+)*/;

my $eligibility =
    'ngx_carrierpay/core/eligibility/ngx_carrierpay_eligibility.c';
my $declines = 'ngx_carrierpay/core/payment/ngx_carrierpay_decline.c';

self_test();

my %sources = map { $_ => slurp($_) } grep { $_ =~ $api && /\.[ch]$/ } files();
my %sent = map { $_ => 1 } sent(values %sources),
                           refused(slurp($eligibility), slurp($declines));
my %documented = map { $_ => 1 } documented(slurp('docs/openapi.yaml'));

cmp_ok(scalar(keys %sent), '>', 40, 'the sources have codes');
is_deeply([grep { !$documented{$_} } sort keys %sent], [],
          'every code that is sent is in docs/openapi.yaml');
is_deeply([grep { !$sent{$_} } sort keys %documented], [],
          'every code in docs/openapi.yaml is sent');

done_testing();


# The codes of these texts in C: arguments of calls, and rows of tables whose
# type has a member "code". A row with a "reason" has it as an ngx_string().

sub sent {
    my @texts = map { joined($_) } @_;
    my $types = types('const\s+char\s+\*code', @texts);
    my $reasons = types('ngx_str_t\s+reason', @texts);
    my @codes;

    for my $text (@texts) {
        while ($text =~ /$calls\s*(\((?:[^()"]|$string|(?1))*\))/g) {
            push(@codes, $1 =~ /"($code)"/g);
        }

        for my $table (tables($types, $text)) {
            push(@codes, $table =~ s/ngx_string\($string\)//gr
                         =~ /"($code)"/g);
        }

        push(@codes, map { /ngx_string\("($code)"\)/g }
                         tables($reasons, $text));
    }

    return @codes;
}

# What an eligibility is refused with, in the words of the declines.

sub refused {
    my ($reasons, $words) = map { joined($_) } @_;
    my %word = $words =~ /ngx_carrierpay_decline\((\w+), "($code)"/g;
    my ($table) = tables('ngx_carrierpay_eligibility_reason_t', $reasons);

    return map { $word{$_} } grep { $_ ne 'GENERIC' }
               $table =~ /\bNGX_CARRIERPAY_DECLINE_(\w+)/g;
}

# The enum of the schema "Problem".

sub documented {
    my ($text) = @_;
    my ($problem) = $text =~ /^    Problem:\n((?:      .*\n|\n)+)/m;
    my ($enum) = $problem =~ /^        code:\n.*?\benum: \[([^\]]*)\]/ms;

    return split(/[,\s]+/, $enum);
}

# A text without comments, and with neighbouring strings as one.

sub joined {
    my ($text) = @_;

    $text =~ s{/\*.*?\*/|($string)}{$1 // ' '}gse;

    return $text =~ s/"\s*"//gr;
}

sub types {
    my ($member, @texts) = @_;
    my @types = map { /typedef\s+struct\s*\{[^}]*?\b$member;[^}]*\}\s*(\w+)/g }
                    @texts;

    return join('|', @types, 'none');
}

sub tables {
    my ($types, $text) = @_;

    return $text =~ /\b(?:$types)\s+\w+\[\]\s*=\s*\{(.*?)\n\};/gs;
}

sub self_test {
    my %found = map { $_ => 1 } sent(<<'C', <<'H');
/* reply_error(r, "in_comment", "") */
static row_t  rows[] = {
    { ngx_string("name"), 1, "in_row", "A detail" },
    { ngx_string("other"), 2,
      "in_next_row", "detail " "again" }
};
static const why_t
    whys[] =
{
    { ngx_string("in_reason"), "param" }
};
    return ngx_http_carrierpay_reply_error(r, status(r, "(" ")"),
                                           "in_call",
                                           "Not found");
    (void) ngx_http_carrierpay_json_refuse(p, f ? f->code : "in_condition",
                                           NULL, "is " "required");
C
typedef struct {
    ngx_str_t    name;
    const char  *code;
} row_t;
typedef struct {
    ngx_str_t    reason;
} why_t;
H

    is_deeply([sort keys %found],
              [qw(in_call in_condition in_next_row in_reason in_row)],
              'a code is found in a call and in a table, and nowhere else');

    is_deeply([refused(<<'C', <<'D')], ['over'],
static const ngx_carrierpay_eligibility_reason_t  reasons[] = {
    { NGX_CARRIERPAY_DECLINE_OVER, NGX_CARRIERPAY_STAT_OVER, NULL },
    { NGX_CARRIERPAY_DECLINE_GENERIC, NGX_CARRIERPAY_STAT_OTHER, "x" }
};
C
    ngx_carrierpay_decline(OVER, "over",
    ngx_carrierpay_decline(OTHER, "other",
D
              'a refusal of the eligibility is found by its word');

    is_deeply([documented(<<'Y')], [qw(a_code another)],
    Payment:
      properties:
        code:
          enum: [no_code]
    Problem:
      properties:
        type:
          const: x
        code:
          enum: [a_code,
                 another]
Y
              'the codes of the documentation are found');
}
