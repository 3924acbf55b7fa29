#!/usr/bin/perl

# The house: what lies in which layer, which folder may include which, and
# which file alone speaks to a library. The test first shows that each rule
# finds a breach of it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Carrierpay::House qw(tree layer sources headers includes literals code
                         needs folders circles ties);
use File::Basename;
use Test::More;

# A folder may include those on the lines before it; folders of one line
# settle it among themselves, without a circle. A new folder gets its place
# here. What lies in the tree itself is above all its folders.

my %orders = (
    'ngx_carrierpay/core' => [
        'language counters',
        'flow',
        'operator',
        'service',
        'batch',
        'ledger limit',
        'queue',
        'merchant payment payout refund webhook',
        'spend',
        'eligibility identity',
        'charge checkout message',
    ],
    'lua-free-handlers' => [
        'conf',
        'http',
        'identity limit',
        'api callback checkout sandbox status',
    ],
);

# the only files that lie in such a tree and in none of its folders

my $above = qr{^ngx_carrierpay/core/ngx_carrierpay_worker\.[ch]$};

# the only files that may include a library

my %owners = (
    'libpq-fe.h' => qr{^ngx_carrierpay/io/ngx_carrierpay_pq_conn\.c$},
    'hiredis/'   => qr{^ngx_carrierpay/io/ngx_carrierpay_redis\.c$},
    'curl/'      => qr{^ngx_carrierpay/io/ngx_carrierpay_smtp_conn\.c$},
    'openssl/'   => qr{^ngx_carrierpay/base/ngx_carrierpay_crypto\.c$},
    'ngx_http.h' => qr{^ngx_carrierpay/io/ngx_carrierpay_egress(_\w+)?\.[ch]$
                     | ^lua-free-handlers/}x,
);

# what base knows of nginx: types and macros

my $base_includes = qr/^(ngx_config|ngx_core|ngx_carrierpay_\w+)\.h$/;

my $base_calls = qr/ malloc | calloc | realloc | strdup | strndup | free |
    ngx_p?n?c?alloc | ngx_pcalloc | ngx_pnalloc | ngx_log_\w+ | read | write |
    open | fopen | connect | send | recv | poll /x;

my $ledger = qr/ payment | payment_due | journal | account | contract |
    subscriber | pseudonym | event | outbox | outbox_dead /x;

my $writes_ledger = qr/ \b (
        insert \s+ into \s+ (?:carrierpay\.)? $ledger \b
      | update \s+ (?:only \s+)? (?:carrierpay\.)? $ledger \s+
            (?:as \s+ \w+ \s+ | (?!set\b) \w+ \s+)? set \b
      | delete \s+ from \s+ (?:only \s+)? (?:carrierpay\.)? $ledger \b
      | truncate \s+ (?:table \s+)? (?:only \s+)? (?:carrierpay\.)? $ledger \b
      | copy \s+ (?:carrierpay\.)? $ledger \b [^;]* \b from \b
    ) /xi;

# heuristics, applied to what stands between quotes

my $sql = qr/ \b ( select \s .* \b (?:from|carrierpay\.)
                 | insert \s+ into | delete \s+ from | update \s .* \b set \b
                 | begin\s*; | commit\s*; | carrierpay\.\w+ \s* \( ) /xi;

my $redis = qr/ ^ ( (?: SET | GET | GETDEL | GETEX | DEL | UNLINK | INCR |
        DECR | P?EXPIRE | HSET | HGET | HDEL | PUBLISH | SUBSCRIBE | XADD |
        AUTH | SELECT ) \s+ (?:%|[a-z]+:)
      | (?: GETDEL | PEXPIRE | UNLINK | EVALSHA ) $ ) /x;


self_test();

my %files = tree("$FindBin::Bin/..");
my @found = breaches(\%files);

for my $rule (rules()) {
    my @of_rule = grep { $_->[0] eq $rule } @found;

    ok(!@of_rule, $rule)
        or diag(join "\n", map { "$_->[1]: $_->[2]" } @of_rule);
}

cmp_ok(scalar(grep { /\.c$/ && defined layer($_) } keys %files), '>', 8,
       'there was something to look at');

done_testing();


###############################################################################


my %rules;

sub rules {
    %rules = (
        'includes lead downwards'               => \&downwards,
        'folders include those before them'     => \&order,
        'headers include each other in no circle' => \&header_circles,
        'no circle of rooms'                    => \&room_circles,
        'no circle of folders'                  => \&folder_circles,
        'each library has one owner'            => \&owned,
        'base is pure'                          => \&pure,
        'requests stay with egress and handlers' => \&requests,
        'handlers hold no SQL and no Redis command' => \&handlers,
        'money moves in sql/ alone'             => \&money,
        'no Lua'                                => \&lua,
    ) if !%rules;

    return sort keys %rules;
}


# [rule, file, what], for all rules over the files given

sub breaches {
    my ($files) = @_;

    my @found;

    for my $rule (rules()) {
        push @found, map { [$rule, @$_] } $rules{$rule}->($files);
    }

    return @found;
}


sub downwards {
    my ($files) = @_;

    my @found;
    my %headers = headers($files);

    for my $file (sources($files)) {
        for my $include (includes($files->{$file})) {
            my $header = $headers{basename($include)};

            if (defined $header && layer($header) > layer($file)) {
                push @found, [$file, "includes $header"];
            }
        }
    }

    return @found;
}


# the tree that a file belongs to, and the line of its folder in the order

sub place {
    my ($file) = @_;

    for my $tree (sort keys %orders) {
        next if index($file, "$tree/") != 0;

        my $order = $orders{$tree};
        my $folder = dirname(substr $file, length "$tree/");

        return $tree, scalar @$order if $file =~ $above;

        for my $i (0 .. $#$order) {
            return $tree, $i if grep { $_ eq $folder } split ' ', $order->[$i];
        }

        return $tree;
    }

    return;
}


sub order {
    my ($files) = @_;

    my @found;
    my %headers = headers($files);

    for my $file (sources($files)) {
        my ($tree, $line) = place($file);
        next if !defined $tree;

        if (!defined $line) {
            push @found, [$file, "has no place in the order of $tree"];
            next;
        }

        for my $include (includes($files->{$file})) {
            my $header = $headers{basename($include)};
            next if !defined $header;

            my ($other_tree, $other) = place($header);

            push @found, [$file, "includes $header"]
                if ($other_tree // '') eq $tree && ($other // $line) > $line;
        }
    }

    return @found;
}


sub header_circles {
    my ($files) = @_;

    my %needs;
    my %headers = headers($files);

    for my $file (values %headers) {
        $needs{$file}{$_}{'#include'} = 1
            for grep { defined } map { $headers{basename($_)} }
                includes($files->{$file});
    }

    my @selves = grep { $needs{$_}{$_} } sort keys %needs;

    return knots(\%needs), map { [$_, 'includes itself'] } @selves;
}


sub room_circles {
    my ($files) = @_;

    return knots({needs($files)});
}


sub folder_circles {
    my ($files) = @_;

    return knots({folders($files)});
}


sub knots {
    my ($needs) = @_;

    return map { ["@$_", join "\n    ", '', ties($needs, @$_)] }
        circles($needs);
}


sub owned {
    my ($files) = @_;

    my @found;

    for my $file (sources($files)) {
        for my $include (includes($files->{$file})) {
            for my $library (sort keys %owners) {
                next if index($include, $library) != 0;
                next if $file =~ $owners{$library};

                push @found, [$file, "includes $include"];
            }
        }
    }

    return @found;
}


sub pure {
    my ($files) = @_;

    my @found;

    for my $file (grep { layer($_) == 0 } sources($files)) {
        my $code = code($files->{$file});

        push @found, map { [$file, "includes $_"] }
            grep { /^ngx_/ && !/$base_includes/ } includes($files->{$file});

        push @found, map { [$file, "calls $_()"] }
            $code =~ /(?<![\w.>])($base_calls)\s*\(/g;

        push @found, map { [$file, "static that changes: $_"] }
            grep { !/\bconst\b/ } $code =~ /^\s*(static [^(){};=]+[;=])/mg;
    }

    return @found;
}


sub requests {
    my ($files) = @_;

    my @found;

    for my $file (sources($files)) {
        next if $file =~ $owners{'ngx_http.h'};

        push @found, [$file, 'knows of ngx_http_request_t']
            if code($files->{$file}) =~ /\bngx_http_request_(t|s)\b/;
    }

    return @found;
}


sub handlers {
    my ($files) = @_;

    my @found;

    for my $file (grep { m{^lua-free-handlers/} } sources($files)) {
        for my $literal (literals($files->{$file})) {
            push @found, [$file, "\"$literal\""]
                if $literal =~ $sql || $literal =~ $redis;
        }
    }

    return @found;
}


# The tests of the schema and of the service look for refusals, so they may.
# The bench's rivals write their own ledger, in one folder.

sub money {
    my ($files) = @_;

    my @found;

    for my $file (sort keys %$files) {
        next if $file =~ m{^(sql|docs|t/sql|t/lib|t/browser|t/bench/sql)/
                           | ^t/\w+\.t$ | \.md$}x;

        my @texts = $file =~ /\.[ch]$/ ? literals($files->{$file})
                                       : $files->{$file};

        push @found, map { [$file, $_] } map { /$writes_ledger/g } @texts;
    }

    return @found;
}


# its comparison with others may hold some

sub lua {
    my ($files) = @_;

    return map { [$_, 'is Lua'] }
        grep { /\.lua$/ && !m{^t/bench/} } sort keys %$files;
}


###############################################################################


sub self_test {
    my $base = 'ngx_carrierpay/base/ngx_carrierpay';
    my $io = 'ngx_carrierpay/io/ngx_carrierpay';
    my $core = 'ngx_carrierpay/core/ledger/ngx_carrierpay';
    my $flow = 'ngx_carrierpay/core/flow/ngx_carrierpay';
    my $worker = 'ngx_carrierpay/core/ngx_carrierpay_worker.c';
    my $handler = 'lua-free-handlers/api/ngx_http_carrierpay';

    my %good = (
        "${base}_id.h"      => "#include <ngx_core.h>\n",
        "${base}_id.c"      => "#include <ngx_carrierpay_id.h>\n"
            . "static const int  a = 1;\nstatic int f(void);\n",
        "${base}_crypto.c"  => "#include <openssl/evp.h>\n",
        "${io}_pq.h"        => "#include <ngx_carrierpay_id.h>\n",
        "${io}_pq_conn.c"   => "#include <libpq-fe.h>\n"
            . "int\nngx_carrierpay_pq_send(int a,\n    int b)\n{\n}\n"
            . "static int\nngx_carrierpay_pq_mine(void)\n{\n}\n",
        "${io}_redis.c"     => "#include <hiredis/async.h>\n",
        "${io}_smtp_conn.c" => "#include <curl/curl.h>\n",
        "${io}_egress.h"    => "#include <ngx_http.h>\nngx_http_request_t *r;",
        "${io}_pq.c"        => "#include <ngx_carrierpay_pq_conn.h>\n"
            . "const int  ngx_carrierpay_pq_names[] = {\n};\n"
            . "int  ngx_carrierpay_pq_count;\n"
            . "    ngx_carrierpay_pq_send(1, 2);\n",
        "${core}_ledger.h"  => "/* looks at flow */\n",
        "${core}_ledger.c"  => "#include <ngx_carrierpay_pq.h>\n"
            . "#include <ngx_carrierpay_flow.h>\n"
            . 's = "select * from carrierpay.payment_get($1)";',
        "${flow}_flow.h"    => "/* ngx_http_request_t is not ours */\n",
        $worker             => "#include <ngx_carrierpay_ledger.h>\n",
        "${handler}_api.c"  => "#include <ngx_http.h>\n"
            . "#include <ngx_carrierpay_ledger.h>\n"
            . 's = "GET"; t = "select one of them"; u = "update";',
        "${handler}_api_module.c" => "ngx_module_t  ngx_http_api_module = {\n"
            . "};\n    ngx_carrierpay_pq_send(1, 2);\n",
        'sql/deploy/a.sql'  => 'insert into journal values (1)',
        't/bench/sql/a.sql' => 'insert into journal values (1)',
        't/bench/a.lua'     => '',
        'conf/demo/run'     => 'echo update payment, then insert into it',
    );

    is_deeply([breaches(\%good)], [], 'a good house is good');

    my @bad = (
        ['includes lead downwards', "${base}_id.c",
            '#include <ngx_carrierpay_pq.h>'],
        ['includes lead downwards', "${io}_pq_conn.c",
            '# include "ngx_carrierpay_flow.h"'],
        ['headers include each other in no circle', "${base}_id.h",
            '#include <ngx_carrierpay_id.h>'],
        ['headers include each other in no circle', "${core}_ledger.h",
            "#include <ngx_carrierpay_flow.h>",
            "${flow}_flow.h", "#include <ngx_carrierpay_ledger.h>"],
        ['folders include those before them', "${flow}_flow.h",
            '#include <ngx_carrierpay_ledger.h>'],
        ['folders include those before them', "${flow}_flow.c",
            '#include "ngx_carrierpay_ledger.h"'],
        ['folders include those before them',
            'ngx_carrierpay/core/language/ngx_carrierpay_language.c',
            '#include <ngx_carrierpay_flow.h>'],
        ['folders include those before them',
            'ngx_carrierpay/core/parking/ngx_carrierpay_parking.c', ''],
        ['folders include those before them',
            'ngx_carrierpay/core/ngx_carrierpay_clock.h', ''],
        ['folders include those before them',
            'lua-free-handlers/http/ngx_http_carrierpay_route.c',
            '#include <ngx_http_carrierpay_limit.h>',
            'lua-free-handlers/limit/ngx_http_carrierpay_limit.h', ''],
        ['no circle of rooms', "${io}_pq_conn.c",
            'p = &ngx_carrierpay_pq_names[0];'],
        ['no circle of rooms', "${io}_pq_conn.c",
            'ngx_carrierpay_pq_count++;'],
        ['no circle of rooms', "${io}_pq_conn.c",
            '    ngx_carrierpay_pq_id();',
            "${io}_pq.c", "int\nngx_carrierpay_pq_id(void)\n{\n}"],
        ['no circle of rooms', "${io}_pq_conn.h",
            '#include <ngx_carrierpay_pq.h>'],
        ['no circle of folders', "${io}_pq_conn.c",
            '    ngx_carrierpay_id_make();',
            "${base}_id.c", "int\nngx_carrierpay_id_make(void)\n{\n"
            . "    ngx_carrierpay_pq_send(1, 2);\n}"],
        ['no circle of folders', "${core}_limit.c",
            '#include <ngx_carrierpay_limit.h>',
            'ngx_carrierpay/core/limit/ngx_carrierpay_limit.h',
            '#include <ngx_carrierpay_ledger.h>'],
        ['each library has one owner', "${core}_ledger.c",
            '#include <libpq-fe.h>'],
        ['each library has one owner', "${io}_pq.h", '#include <libpq-fe.h>'],
        ['each library has one owner', "${io}_pq_conn.c",
            '#include <hiredis/hiredis.h>'],
        ['each library has one owner', "${io}_smtp.h",
            '#include <curl/curl.h>'],
        ['each library has one owner', "${handler}_api.c",
            '#include <openssl/sha.h>'],
        ['each library has one owner', "${flow}_flow.c",
            '#include <ngx_http.h>'],
        ['base is pure', "${base}_id.c", '#include <ngx_event.h>'],
        ['base is pure', "${base}_id.c", 'p = ngx_palloc(pool, 1);'],
        ['base is pure', "${base}_id.c", 'p = malloc(1);'],
        ['base is pure', "${base}_id.c", "static int  cache;\n"],
        ['requests stay with egress and handlers', "${flow}_flow.h",
            'ngx_http_request_t  *r;'],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            's = "select id from merchant";'],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            "s = \"insert \"\n \"into x\";"],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            's = "carrierpay.payment_get($1)";'],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            's = "SET %b %b NX PX 120000";'],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            's = "GETDEL";'],
        ['money moves in sql/ alone', "${core}_ledger.c",
            's = "update payment set state = 1";'],
        ['money moves in sql/ alone', "${core}_ledger.c",
            's = "INSERT INTO carrierpay.journal VALUES (1)";'],
        ['money moves in sql/ alone', 'conf/demo/run',
            "psql -c 'delete from only event'"],
        ['money moves in sql/ alone', 't/bench/a.js',
            '`update carrierpay.payment_due as d set due_at = 1`'],
        ['money moves in sql/ alone', 't/bench/a.js',
            '`copy journal from stdin`'],
        ['no Lua', 'conf/a.lua', ''],
    );

    for my $case (@bad) {
        my ($rule, %changes) = @$case;
        my %files = %good;

        $files{$_} = ($files{$_} // '') . "\n$changes{$_}\n"
            for keys %changes;

        my ($words) = sort values %changes;

        ok((grep { $_->[0] eq $rule } breaches(\%files)), "$rule: $words");
    }
}
