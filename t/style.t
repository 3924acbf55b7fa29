#!/usr/bin/perl

# The page on which all is written: see "Fifteen style rules" of the house.
# Formatters cannot express them, so this test reads every file of the tree.
# It first shows that each of its rules does find what it forbids.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test::Sources qw(files slurp);
use Test::More;

my $COLUMNS = 79;
my $FUNCTION_LINES = 70;
my $BLANK_LINES = 2;

# what waits, and so must never run in a worker

my $blocking = qr/ PQconnectdb\w* | PQsetdb\w* | PQreset | PQping\w* |
    PQexec\w* | PQprepare | PQdescribe\w* | PQcancel | PQgetCopyData | PQfn |
    lo_\w+ | curl_easy_perform | curl_multi_(?:wait|poll) |
    redisConnect\w* | redisCommand\w* | redisGetReply |
    getaddrinfo | gethostby\w+ | sleep | usleep | nanosleep | ngx_m?sleep |
    system | popen /x;

# what cannot know how much room there is, or that it has failed

my $unsafe = qr/ strcpy | strcat | sprintf | vsprintf | gets | atoi /x;

my $unfinished = join '|', 'TO' . 'DO', 'FIX' . 'ME', 'X' x 3;

my %rules = (
    c        => [\&page, \&c_page, \&c_functions, \&c_calls],
    script   => [\&page],
    makefile => [\&layout, \&columns],
    text     => [\&layout],
);


self_test();

for my $file (files(qr/package-lock\.json|corpus/)) {
    my $text = slurp($file);
    my $kind = kind($file, $text);

    if (!defined $kind) {
        next;
    }

    my @found = complaints($kind, $file, $text);

    ok(!@found, $file) or diag(join "\n", map { "$file:$_" } @found);
}

done_testing();


###############################################################################


# undef: pictures and other files that are not text

sub kind {
    my ($file, $text) = @_;

    return undef if $text =~ /\0/;
    return 'c' if $file =~ /\.[ch]$/;
    return 'makefile' if $file =~ m{(^|/)Makefile$} || $file =~ /\.mk$/;
    return 'script' if $file =~ /\.(sql|pl|pm|t|sh|py)$/ || $text =~ /^#!/;
    return 'text';
}


# "line: what is wrong", for all rules of this kind of file

sub complaints {
    my ($kind, $file, $text) = @_;

    my $whole = $text eq '' || $text =~ s/\n\z//;
    my @lines = split /\n/, $text, -1;
    my @found = map { $_->($file, \@lines) } @{$rules{$kind}};

    if (!$whole) {
        push @found, @lines . ': no newline at the end';
    }

    if (@lines && $lines[-1] eq '') {
        push @found, @lines . ': blank line at the end';
    }

    return @found;
}


sub each_line {
    my ($lines, $check) = @_;

    my @found;

    for my $i (0 .. $#$lines) {
        local $_ = $lines->[$i];
        push @found, map { $i + 1 . ": $_" } $check->($i);
    }

    return @found;
}


sub layout {
    my ($file, $lines) = @_;

    return each_line($lines, sub {
        my @found;

        push @found, 'trailing space' if /[ \t\r]$/;
        push @found, "unfinished: $1" if /\b($unfinished)\b/;

        return @found;
    });
}


sub columns {
    my ($file, $lines) = @_;

    return each_line($lines, sub {
        utf8::decode(my $line = $_);
        return length $line > $COLUMNS ? length($line) . ' columns' : ();
    });
}


sub page {
    my ($file, $lines) = @_;

    my $blank = 0;

    return layout($file, $lines), columns($file, $lines),
        each_line($lines, sub {
            my @found;

            push @found, 'tab' if /\t/;

            $blank = /^$/ ? $blank + 1 : 0;
            push @found, 'too many blank lines' if $blank > $BLANK_LINES;

            return @found;
        });
}


# the lines without comments and without what stands between quotes

sub code {
    my ($lines) = @_;

    my $text = join "\n", @$lines;

    $text =~ s{ ( /\* .*? \*/ )
              | " ( (?: [^"\\\n] | \\. )* ) "
              | ' ( (?: [^'\\\n] | \\. )* ) ' }
              { my $all = $&;
                my $quote = substr $all, 0, 1;
                $all =~ s/[^\n]/ /g;
                $quote eq '/' ? $all
                    : $quote . substr($all, 2) . $quote }gsex;

    return [split /\n/, $text, -1];
}


sub c_page {
    my ($file, $lines) = @_;

    my $code = code($lines);

    return each_line($code, sub {
        my ($i) = @_;
        my $before = $i ? $code->[$i - 1] : '';
        my @found;

        push @found, '// comment' if m{//};
        push @found, 'no space before (' if /\b(if|for|while|switch)\(/;
        push @found, 'no space before {' if /\)\{/;
        push @found, 'star belongs to the name'
            if /\b(char|void|int|ngx_\w+_t)\*+ \w/;
        push @found, 'no blank line before } else'
            if /^\s*\} else\b/ && $before =~ /\S/;
        push @found, 'else on the line after }'
            if /^\s*else\b/ && $before =~ /\}\s*$/;
        push @found, 'blank line before }'
            if /^\s*\}/ && $lines->[$i - 1] eq '' && !/\} else\b/;
        push @found, 'blank line after { of a function'
            if /^$/ && $before eq '{';

        return @found;
    });
}


# a function: its type, its name at the margin, braces at the margin

sub c_functions {
    my ($file, $lines) = @_;

    my ($name, $start);
    my $code = code($lines);

    return each_line($code, sub {
        my ($i) = @_;

        if (/^[a-z].*\)\s*\{$/i) {
            return '{ of a function not on a line of its own';
        }

        if ($_ eq '{' && $i && $code->[$i - 1] =~ /\)\s*$/) {
            $start = $i;
            $start-- while $start && $code->[$start - 1] =~ /^[^#\s]|^ +\S/;
            $start++ while $code->[$start] =~ /^__attribute__/;
            ($name) = $code->[$start + 1] =~ /^(\w+)\(/;

            return $name ? () : 'return type not on a line of its own';
        }

        if (!/^\}$/ || !defined $start) {
            return;
        }

        my @found;
        my $length = $i - $start;

        if ($length > $FUNCTION_LINES) {
            push @found, ($name // 'function') . "() has $length lines";
        }

        undef $start;

        push @found, 'not two blank lines after a function'
            if !after_function(@$lines[$i + 1 .. $#$lines]);

        return @found;
    });
}


sub after_function {
    my ($first, $second, $third) = @_;

    return 1 if !defined $first;
    return 0 if $first ne '';
    return 1 if defined $second && $second =~ /^#(endif|else|elif)/;
    return defined $second && $second eq '' && defined $third && $third ne '';
}


# tools of the tests may wait, a worker may not

sub c_calls {
    my ($file, $lines) = @_;

    my $banned = $file =~ m{^t/} ? $unsafe : qr/$blocking|$unsafe/;

    return each_line(code($lines), sub {
        return map { "forbidden: $_()" } /(?<![\w.>])($banned)\s*\(/g;
    });
}


###############################################################################


sub self_test {
    my $good = <<'END';

/* why */

static ngx_int_t
ngx_carrierpay_x(u_char *p)
{
    char  *s;

    s = "// no comment";

    if (p) {
        return NGX_OK;

    } else if (s) {
        return '"';
    }

    return NGX_ERROR;
}


void
ngx_carrierpay_y(void)
{
    PQsendPrepare();
}
END

    is_deeply([complaints('c', 'a.c', $good)], [], 'good code is good');

    my @bad = (
        ['tab', 's = "', "s\t= \""],
        ['trailing space', 'NGX_OK;', 'NGX_OK; '],
        ['80 columns', 'NGX_OK;', 'NGX_OK;' . ' ;' x 29],
        ['// comment', '/\* why \*/', '// why'],
        ['no newline at the end', "}\n\\z", '}'],
        ['blank line at the end', "}\n\\z", "}\n\n"],
        ['too many blank lines', "/\n\nstatic", "/\n\n\n\nstatic"],
        ['no space before (', 'if \(p', 'if(p'],
        ['no space before {', '\(p\) \{', '(p){'],
        ['star belongs to the name', 'char  \*s', 'char* s'],
        ['no blank line before } else', "OK;\n\n", "OK;\n"],
        ['else on the line after }', '} else', "}\n    else"],
        ['blank line before }', "ERROR;\n", "ERROR;\n\n"],
        ['blank line after { of a function', "\n\\{\n", "\n{\n\n"],
        ['return type not on a line', "ngx_int_t\n", 'ngx_int_t '],
        ['{ of a function not on', "p\\)\n\\{", 'p) {'],
        ['ngx_carrierpay_x() has 8', "return '\"';", "x;\n" x 70],
        ['not two blank lines', "}\n\n\nvoid", "}\n\nvoid"],
        ['not two blank lines', "}\n\n\nvoid", "}\nvoid"],
        ['forbidden: PQexec()', 'PQsendPrepare', 'PQexec'],
        ['forbidden: PQgetCopyData()', 'PQsendPrepare', 'PQgetCopyData'],
        ['forbidden: curl_easy_perform()', 'PQsendPrepare',
            'curl_easy_perform'],
        ['forbidden: curl_multi_wait()', 'PQsendPrepare', 'curl_multi_wait'],
        ['forbidden: lo_open()', 'PQsendPrepare', 'lo_open'],
        ['forbidden: redisConnectUnix()', 'PQsendPrepare', 'redisConnectUnix'],
        ['forbidden: gethostbyname()', 'PQsendPrepare', 'gethostbyname'],
        ['forbidden: usleep()', 'PQsendPrepare', 'usleep'],
        ['forbidden: sprintf()', 'PQsendPrepare', 'sprintf'],
        ['forbidden: atoi()', 'PQsendPrepare\(', 'x(atoi ('],
        (map { ['unfinished', 'why', $_] } split /\|/, $unfinished),
        ['unfinished', "}\n\\z", "}\n/* " . 'X' x 3 . ' */'],
    );

    for my $case (@bad) {
        my ($words, $from, $to) = @$case;

        (my $bad = $good) =~ s/$from/$to/ or die "nothing like $from";

        my @found = complaints('c', 'a.c', $bad);

        ok((grep { /\Q$words/ } @found), "found: $words")
            or diag("got: @found");
    }

    my @found = complaints('c', 't/bench/a.c', "void\nf(void)\n{\n"
                           . "    sleep(1);\n}\n");
    is_deeply(\@found, [], 'a tool of the tests may sleep');
}
