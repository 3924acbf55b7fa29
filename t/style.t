#!/usr/bin/perl

# How the project is written: docs/style.md says it, and this test reads every
# file of the tree for what can be counted. It first shows that each of its
# rules finds what the rule forbids.
#
#     t/style.t --count [files or folders]
#
# prints the breaches, those of words by folder, and tests nothing.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test::Sources qw(files slurp);
use Test::More;

my $COLUMNS = 79;
my $FUNCTION_LINES = 70;
my $BLANK_LINES = 2;

# what others have written, or a fuzzer

my $FOREIGN = qr/package-lock\.json|corpus/;

# what waits, and so must never run in a worker

my $blocking = qr/ PQconnectdb\w* | PQsetdb\w* | PQreset | PQping\w* |
    PQexec\w* | PQprepare | PQdescribe\w* | PQcancel | PQgetCopyData | PQfn |
    lo_\w+ | curl_easy_perform | curl_multi_(?:wait|poll) |
    redisConnect\w* | redisCommand\w* | redisGetReply |
    getaddrinfo | gethostby\w+ | sleep | usleep | nanosleep | ngx_m?sleep |
    system | popen /x;

# what cannot know how much room there is, or that it has failed

my $unsafe = qr/ strcpy | strcat | sprintf | vsprintf | gets | atoi /x;

# A comment or a page of documentation names its subject: the worker, the
# shopper, the merchant, the operator. These words name none.

my $pronoun = qr/ he | him | his | himself | she | her | hers | herself |
    who(?:m|se)?(?:so)?ever | somebody | someone | nobody | no\s+one |
    anybody | anyone | everybody | everyone /xi;

# "who" follows the noun that it stands for; after these it follows none. A
# comma may stand between the two, "a worker, whose number is the label", but
# not in "who" and "whom", nor in "whose it is".

my $no_noun = qr/ \A | \0 | \n[ ]*\n | (?:\A|\n)\s*[-*] | [.!?]\s | [;:(|]
  | \b (?: of | to | by | for | and | or | known? | knows | says? | said )
    \s+ /xi;
my $who = qr/ (?:$no_noun) \s* \K (who(?:se|m)?) \b
            | , \s* \K (whom? | whose (?= \s+ (?:is|it|he|they)\b )) \b /xi;

# Names that the C code has left behind: a part of an identifier, or a whole
# one between ^ and $, and the word that is used instead.

my %retired = (
    'carrierpay_ask' => 'sql_call',
    '^ask$'          => 'sql_call',
    'visit|visits'   => 'checkout',
    '^co$'           => 'checkout',
    'owner|owner_t'  => 'carrier',
    'lane|lanes'     => 'connection',
    'charge_word'    => 'a _name() of an enum',
    'look|looks'     => 'payment_read, page or session_peek',
    'guess|guesses'  => 'pin_attempt',
    'pin_try|try_id' => 'pin_attempt',
    'judge'          => 'evaluate',
    'verdict'        => 'decision',
    'who'            => 'identity',
    'put_as'         => 'store_as',
    'put_back'       => 'restore',
    'dial'           => 'conn',
    'talk'           => 'dialogue',
    'hang_up'        => 'close',
    'prove'          => 'charge_pin',
    'ordered'        => 'merchant_page',
    'crumb'          => 'cookie',
    'mood'           => 'css_class',
    'book'           => 'page_set',
    'hops'           => 'trusted_proxies',
    'kick'           => 'wake',
    'tell'           => 'notify',
    '^gather$'       => 'flush',
    'gather_handler' => 'flush_handler',
    '^sweep$'        => 'expire',
    '^alone$'        => 'isolated',
    '^passing$'      => 'transient',
    'limit_charge'   => 'limit_consume',
    'charge_soon'    => 'charge_too_early',
    'charge_stale'   => 'charge_token_used',
    'charge_moved'   => 'charge_network_changed',
    'charge_ended'   => 'charge_completed',
    'charge_found'   => 'charge_ok',
);

my $unfinished = join '|', 'TO' . 'DO', 'FIX' . 'ME', 'X' x 3;

my %rules = (
    c        => [\&page, \&c_page, \&c_functions, \&c_calls, \&c_names,
                 \&prose],
    script   => [\&page, \&prose],
    makefile => [\&layout, \&columns, \&prose],
    text     => [\&layout, \&prose],
);


if (@ARGV && $ARGV[0] eq '--count') {
    shift @ARGV;
    count(@ARGV);
    exit;
}


self_test();

for my $file (files($FOREIGN)) {
    my $text = slurp($file);
    my $kind = kind($file, $text);

    if (!defined $kind) {
        next;
    }

    my @found = complaints($kind, $file, $text);

    ok(!@found, $file) or diag(join "\n", map { "$file:$_" } @found);
    tally($file, @found);
}

note(table());
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


# --count: the breaches of the files given, or of all

sub count {
    my (@wanted) = map { s{^\./|/$}{}gr } @_;

    for my $file (files($FOREIGN)) {
        next if @wanted
            && !grep { $file eq $_ || index($file, "$_/") == 0 } @wanted;

        my $text = slurp($file);
        my $kind = kind($file, $text);
        my @found = defined $kind ? complaints($kind, $file, $text) : ();

        print map { "$file:$_\n" } @found if @wanted;
        tally($file, @found);
    }

    print table();
}


# folder => kind of breach => how many

my %tally;

sub tally {
    my ($file, @found) = @_;

    my $folder = $file =~ m{^(.*)/} ? $1 : '.';

    for (@found) {
        my $column = /: subject / ? 'subject' : /: who: / ? 'who'
            : /: retired / ? 'retired' : 'page';
        $tally{$folder}{$column}++;
        $tally{'(all)'}{$column}++;
    }
}


sub table {
    my @columns = qw(subject who retired page);
    my $row = "%-34s" . ' %8s' x @columns . "\n";

    return join '', sprintf($row, 'folder', @columns), map {
        my $counts = $tally{$_};
        sprintf $row, $_, map { $counts->{$_} // '.' } @columns;
    } sort keys %tally;
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


# the identifiers of the module itself; tests may say what they like of others

sub c_names {
    my ($file, $lines) = @_;

    return if $file !~ m{^(ngx_carrierpay|lua-free-handlers)/};

    my @retired = map { [qr/(?:^|_)(?:$_)(?:_|$)/i, $retired{$_}] }
        sort keys %retired;

    return each_line(code($lines), sub {
        return if /^\s*#\s*include\b/;

        my %names = map { $_ => 1 } /\b([a-z]\w*)/gi;
        my @found;

        for my $name (sort keys %names) {
            my ($pair) = grep { $name =~ $_->[0] } @retired;
            push @found, "retired name $name: say $pair->[1]" if $pair;
        }

        return @found;
    });
}


sub prose {
    my ($file, $lines) = @_;

    my $text = comments($file, $lines);

    return if !defined $text;

    my @found;

    # what is quoted is not ours to change

    $text =~ s{("[^"\0\n]*(?:\n[^"\0\n]*)?"|`[^`\0]*`|\]\([^)\0]*\))}
              {$1 =~ s/[^\n]/_/gr}gex;

    while ($text =~ /\b($pronoun)\b/gi) {
        push @found, [$-[1], "subject \"$1\""] if $1 ne uc $1;
    }

    while ($text =~ /$who/g) {
        my $word = $1 // $2;
        push @found, [pos($text), "who: no noun before \"$word\""]
            if $word ne 'WHO';
    }

    return map { (substr($text, 0, $_->[0]) =~ tr/\n//) + 1 . ": $_->[1]" }
        sort { $a->[0] <=> $b->[0] } @found;
}


# The text with all but its comments blotted out by zeroes, and the marks of
# the comments by spaces, so that a sentence may go on over lines; undef when
# this kind of file has none.  A page of documentation is all comment.

sub comments {
    my ($file, $lines) = @_;

    my $text = join "\n", @$lines;

    if ($file =~ /\.md$/ || $file =~ m{^docs/.*\.yaml$}) {
        return $text =~ s/^([#>]+)/' ' x length $1/gmer;
    }

    if ($file =~ /\.[ch]$/) {
        return blot($text, qr{/\*.*?\*/}s, qr{"(?:[^"\\\n]|\\.)*"});
    }

    if ($file =~ /\.js$/) {
        return blot($text, qr{/\*.*?\*/|(?<![:\w"'])//[^\n]*}s, qr/(*FAIL)/);
    }

    if ($file =~ /\.sql$/) {
        return blot($text, qr{--[^\n]*|/\*.*?\*/}s, qr/'[^']*'/);
    }

    if ($file =~ /\.(pl|pm|t|sh|py|conf|mk)$/ || "@$lines" =~ /^#!/
        || $file =~ m{(^|/)(Makefile|config)$|^conf/[^/]+$})
    {
        return blot($text, qr/(?<!\S)(?: \#(?!!)[^\n]*
                                       | (?<![=(,][ ])""".*?""" )/xs,
                    qr/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/);
    }

    return undef;
}


sub blot {
    my ($text, $comment, $string) = @_;

    $text =~ s{($comment)|($string|\w+|.)}{
        my ($kept, $gone) = ($1, $2);

        defined $kept ? marks($kept) : $gone =~ s/[^\n\s]/\0/gr;
    }gsex;

    return $text;
}


# what stands at the ends of a comment and at the start of its lines

sub marks {
    my ($comment) = @_;

    $comment =~ s{^(\s*)(/\*|//|--|\#+|""")}{$1 . ' ' x length $2}e;
    $comment =~ s{(\*/|""")$}{"\0" x length $1}e;
    $comment =~ s{^(\s*)\*(?= |$)}{$1 }gm;

    return $comment;
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

    self_test_words($good);
}


sub self_test_words {
    my ($c) = @_;

    my %good = (
        'a.c'  => $c =~ s/why/The worker, whose pool it is, asks the shopper
 * who pays.  "Who has blocked it?" is the page's question./r,
        'a.t'  => "# The merchant who asks.\nis(\$he, 'nobody', 'of who');\n",
        'a.sh' => "usage='WHO # nobody'\necho nobody  # of the worker\n",
        'a.py' => "HTML = \"\"\"\nHe asks whom?\n\"\"\"\n",
        'a.sql' => "select 'nobody' -- The row of the shopper who pays.\n",
        'a.js' => "s = 'https://nobody';  // the page of the shopper\n",
        'a.md' => "# The shopper who pays\n\n`he` and \"She\" are quoted.\n",
        'a.html' => "<p>Somebody has blocked purchases.</p>\n",
    );

    for my $file (sort keys %good) {
        my @found = complaints(kind($file, $good{$file}), $file, $good{$file});
        is_deeply(\@found, [], "good words are good: $file");
    }

    my @subjects = ('he', 'Him', 'his', 'himself', 'she', 'her', 'whoever',
                    'whomever', 'somebody', 'someone', 'Nobody', "no\none",
                    'anybody', 'anyone', 'everybody');

    my @bad = (
        (map { ["subject \"$_\"", 'a.md', "It is $_ now.\n"] } @subjects),
        (map { ['who: no noun', 'a.md', $_] }
            "Who pays is asked.\n", "One. Whose it is.\n", "# Who pays\n",
            "It asks, who pays.\n", "It asks, whose it is.\n",
            "first; who pays\n", "the rule: who pays\n",
            "the page of who pays\n", "it is sent to\nwhom it may concern\n",
            "only for who pays\n", "knows whose it is\n", "- who pays\n",
            "| who |\n"),
        ['1: subject "he"', 'a.c', "/* he is right */\n"],
        ['2: subject "he"', 'a.c', "/*\n * he is right\n */\n"],
        ['2: who: no noun', 'a.c', "/*\n * Who is right.\n */\n"],
        ['4: who: no noun', 'a.c', "/*\n * A page\n * for\n * whom?\n */\n"],
        ['subject "nobody"', 'a.t', "is(1, 1);  # of nobody\n"],
        ['2: who: no noun', 'a.t', "# It belongs to\n# whose it was.\n"],
        ['subject "his"', 'a.sql', "    text,   -- his words\n"],
        ['subject "his"', 'a.sh', "    # his words\n"],
        ['subject "his"', 'Makefile', "x:   # his words\n"],
        ['subject "his"', 'a.js', "f();  // his words\n"],
        ['subject "his"', 'a.py', "    \"\"\"Of his words.\"\"\"\n"],
        ['subject "his"', 'docs/a.yaml', "description: his words\n"],
        ['subject "his"', 'conf/a.conf.example', "a on;  # his words\n"],
        (map { ["retired name $_:", 'ngx_carrierpay/io/a.c', "int  $_;\n"] }
            'ask', 'ngx_carrierpay_ask_text', 'pq_lane_t', 'lane', 'LANE_MAX',
            'smtp_hang_up', 'NGX_CARRIERPAY_CHARGE_SOON'),
    );

    for my $case (@bad) {
        my ($words, $file, $text) = @$case;
        my @found = complaints(kind($file, $text), $file, $text);

        ok((grep { /\Q$words/ } @found), "found in $file: $words")
            or diag("got: @found");
    }

    my $names = "int  task, multitask, plane, talks, ask_me, flow_alone;\n";

    is_deeply([complaints('c', 'ngx_carrierpay/io/a.c', $names)], [],
              'only whole parts of a name are retired');
}
