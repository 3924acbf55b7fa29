#!/usr/bin/perl

# The registry at its full size: 10,000 networks of 50 operators in included
# files, a million ported numbers. What nginx finds is compared with what this
# file knows, since it made them.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file write_file);
use IO::Socket::INET;
use JSON::PP qw(decode_json);
use Test::More;
use Time::HiRes qw(time);

my $OPERATORS = 50;
my $NETWORKS = 10_000;
my $PORTED = 1_000_000;
my $PREFIXES = 3_000;
my $NUMBERS = 400;
my $BATCH = 500;

my $seed = $ENV{CARRIERPAY_SEED} // int(rand(1 << 31));

srand($seed);
note("CARRIERPAY_SEED=$seed");

my $t = Carrierpay::Test->start(
    plain => 'location /whoami { carrierpay_self_test; }');
my $before = memory();

# Networks are [first, last, prefix, number], in the order of their addresses.

my @v4 = networks($NETWORKS * 0.8, 32, 11 << 24, 14, 30);
my @v6 = networks($NETWORKS * 0.2, 64, 0x2a01 << 48, 32, 64);
my @kinds = qw(mobile mobile mobile fixed relay vpn);

# Prefixes of German mobile numbers with their owners, some inside others; and
# numbers that have moved.

my %prefixes = prefixes();
my @numbers = map { number() } 1 .. $NUMBERS;
my %moved = map { $numbers[$_] => [owner(), undef]->[rand() < 0.9 ? 0 : 1] }
            grep { $_ % 4 == 0 } 0 .. $#numbers;

write_networks();
write_prefixes();
write_ported('demo_fr/demo_virtual');

$t->{option}{http} = join("\n", 'carrierpay_ported ported.csv;',
    'include others.networks;', map { operator($_) } 0 .. $OPERATORS - 1);
write_file("$t->{dir}/nginx.conf", $t->configuration());

my $start = time();
like($t->check_configuration($t->configuration()), qr/successful/,
     sprintf('nginx -t with %d networks, %d operators and %d ported numbers',
             $NETWORKS, $OPERATORS, $PORTED));
note(sprintf('%.1f s', time() - $start));

$t->reload();

my $grown = memory() - $before;
cmp_ok($grown, '<', 100 * 1024, "all processes together grew by $grown kB");

# Addresses: the ends of networks, those beside them, and any.

for my $set (['IPv4', \@v4, \&v4_text, 0xffff_ffff],
             ['IPv6', \@v6, \&v6_text, ~0])
{
    my ($name, $networks, $text, $max) = @$set;
    my @probes = (0, $max, map { random($max) } 1 .. 1000);

    for (1 .. 500) {
        my $network = $networks->[rand(@$networks)];

        push(@probes, @$network[0, 1], $network->[0] - 1, $network->[1] + 1);
    }

    my @answers = whoami(map { '?address=' . $text->($_) } @probes);

    is(@answers, @probes, "$name: all are answered");

    my @wrong;
    my $hits = 0;

    for my $i (0 .. $#probes) {
        my $network = network_of($networks, $probes[$i]);
        my $operator = $network && $network->{operator};
        my $found = $answers[$i];

        $hits++ if $network;

        next if ($found->{network_kind} // '-') eq ($network->{kind} // '-')
            && ($found->{operator} // '-') eq ($operator // '-');

        push(@wrong, $text->($probes[$i]));
    }

    is_deeply(\@wrong, [], "$name: " . @probes . ' addresses, as they are');
    cmp_ok($hits, '>', 900, "$name: $hits of them in a network");
}

# The carrier of a typed number.

my @forms = (sub { "+$_[0]" }, sub { $_[0] }, sub { "00$_[0]" },
             sub { '0' . substr($_[0], 2) }, sub { substr($_[0], 2) });
my @wrong;
my %by;

for my $i (0 .. $#numbers) {
    my $number = $numbers[$i];
    my @is = exists($moved{$number}) ? ($moved{$number}, 'ported')
                                     : by_prefix($number);
    my $is = join(' ', map { ref($_) ? @$_ : $_ // () } @is);
    my $typed = $forms[$i % @forms]->($number);
    my $found = $t->api(POST => '/v1/eligibility',
        { msisdn => $typed, country => 'DE', amount => 499,
          currency => 'EUR' },
        idempotency => undef)->{json};

    $by{$is[1]}++;

    push(@wrong, "$typed is " . join(' ', map { $_ // '-' } %$found))
        if $is ne join(' ', (grep { defined } @$found{qw(operator mvno)}),
                       $found->{evidence} // 'none');
}

is_deeply(\@wrong, [], scalar(@numbers) . ' typed numbers, as they are');
note(join(', ', map { "$by{$_} by $_" } sort keys %by));

# The carrier of a line on mobile data.

for my $case (
    ['own', '33600000001', undef, 'network'],
    ['by prefix', '33700000001', 'demo_virtual', 'prefix'],
    ['another by prefix', '33690000001', 'demo_barred', 'prefix'],
    ['ported to an MVNO', '33699999000', 'demo_virtual', 'ported'],
    ['ported from an MVNO to the operator', '33700000007', undef, 'network'],
    ['ported to nobody we know', '33699999001', undef, 'network'],
) {
    is_line(@$case);
}

# A reload reads the file again, and takes it only when all of it is right.

write_ported('demo_fr/demo_barred');
is_line('not yet reloaded', '33699999000', 'demo_virtual', 'ported');
$t->reload();
is_line('reloaded', '33699999000', 'demo_barred', 'ported');

write_file("$t->{dir}/ported.csv", "33699999000,nobody\n");
$t->expect(qr/unknown operator "nobody" in \S+ported\.csv:1/);
system('kill', '-HUP', $t->master());
$t->wait_for(sub { $t->error_log() =~ /"nobody" in/ },
             'the configuration is refused');
is_line('after a refused reload', '33699999000', 'demo_barred', 'ported');

write_file("$t->{dir}/ported.csv",
           "\xef\xbb\xbf33699999000,demo_fr/demo_barred\n");
$t->reload();
is_line('a file with a byte order mark', '33699999000', 'demo_barred',
        'ported');

write_file("$t->{dir}/ported.csv", "\xef\xbb\xbf");
$t->reload();
is_line('a file without numbers', '33699999000', undef, 'network');
like($t->error_log(), qr/\[warn\].* no ported number in "\S+ported\.csv"/,
     'a file without numbers is warned about');


###############################################################################


# Networks of all sizes in the order of their addresses, some side by side.

sub networks {
    my ($n, $bits, $at, $shortest, $longest) = @_;
    my @networks;

    for my $i (1 .. $n) {
        my $prefix = $longest - int(($longest - $shortest + 1)
                                    * rand() * rand() * rand());
        my $size = 2 ** ($bits - $prefix);
        my $gap = rand() < 0.5 ? 0 : int(rand(2 * $size));

        $at += $gap;
        $at += $size - $at % $size if $at % $size;
        push(@networks, [$at, $at + $size - 1, $prefix, $i]);
        $at += $size;
    }

    return @networks;
}


# Kind and operator follow from the number of the network; 4 of 6 are mobile or
# fixed.

sub describe {
    my ($network) = @_;
    my $kind = $kinds[$network->[3] % @kinds];

    return { kind => $kind,
             operator => $kind =~ /mobile|fixed/
                         ? 'op_' . $network->[3] % $OPERATORS : undef };
}


sub network_of {
    my ($networks, $address) = @_;
    my ($low, $high) = (0, @$networks - 1);

    while ($low <= $high) {
        my $i = int(($low + $high) / 2);

        if ($address < $networks->[$i][0]) {
            $high = $i - 1;
        } elsif ($address > $networks->[$i][1]) {
            $low = $i + 1;
        } else {
            return describe($networks->[$i]);
        }
    }

    return undef;
}


sub v4_text { return join('.', unpack('C4', pack('N', $_[0]))) }

sub v6_text {
    return sprintf('%x:%x:%x:%x::', unpack('n4', pack('Q>', $_[0])));
}


# Writes the networks in a random order, which must not matter.

sub write_networks {
    my %lines;

    for my $network (sort { rand() <=> 0.5 } @v4, @v6) {
        my $text = $network->[0] <= 0xffff_ffff ? v4_text($network->[0])
                                                : v6_text($network->[0]);
        my $is = describe($network);
        my $file = $is->{operator} // 'others';
        my $directive = { mobile => 'network', fixed => 'fixed_network' }
            ->{$is->{kind}} // "carrierpay_network $is->{kind}";

        $lines{$file} .= "$directive $text/$network->[2];\n";
    }

    write_file("$t->{dir}/$_.networks", $lines{$_}) for keys %lines;
}


sub operator {
    my ($n) = @_;

    return "carrierpay_operator op_$n {
        country DE; currency EUR;
        include op_$n.networks;
        header X-OP-$n;
        numbering 49 len=10-11 prefix=15,16,17 trunk=0 fixed=2,3,4,5,6,7,8,9;
        include op_$n.prefixes;
        dialect sandbox; pass /egress/sandbox;
        mvno virtual { type light; billing on; include op_$n.virtual; }
    }";
}


# An operator, or its MVNO.

sub owner {
    my $n = int(rand($OPERATORS));

    return ["op_$n", rand() < 0.4 ? 'virtual' : ()];
}


# Prefixes are 491x and up to four digits more, so that some numbers have no
# owner.

sub prefixes {
    my %owners;

    while (keys(%owners) < $PREFIXES) {
        my $more = 4 - int(3 * rand() ** 3);

        $owners{'491' . (5, 6, 7)[rand(3)] . digits($more)} = owner();
    }

    return %owners;
}


sub number {
    return '491' . (5, 6, 7)[rand(3)] . digits(8 + int(rand(2)));
}


sub digits { return join('', map { int(rand(10)) } 1 .. $_[0]) }


# What the service must find: owner and evidence.

sub by_prefix {
    my ($number) = @_;

    for my $length (reverse 6 .. 8) {
        my $owner = $prefixes{substr($number, 0, $length)};

        return ($owner, 'prefix') if $owner;
    }

    return (undef, 'none');
}


sub write_prefixes {
    my %lines = map { ("op_$_.prefixes", '', "op_$_.virtual", '') }
                0 .. $OPERATORS - 1;

    for my $digits (sort keys %prefixes) {
        my ($operator, $mvno) = @{ $prefixes{$digits} };

        $lines{"$operator." . ($mvno // 'prefixes')} .= "prefix $digits;\n";
    }

    write_file("$t->{dir}/$_", $lines{$_}) for keys %lines;
}


# Ported numbers in no order, with those that a test asks for.

sub write_ported {
    my ($owner) = @_;
    my @owners = qw(20896 20899 20810 demo_off demo_fr/demo_virtual);
    my $text = "# number,MCCMNC or operator\n";

    for my $i (1 .. $PORTED - 3) {
        $text .= '3361' . sprintf('%07d', $i * 7919 % 9_999_991)
                 . ",$owners[$i % @owners]\n";
    }

    for my $number (sort keys %moved) {
        $text .= "$number," . join('/', @{ $moved{$number} // ['26299'] })
                 . "\n";
    }

    write_file("$t->{dir}/ported.csv", "33700000007,demo_fr\n$text"
               . "33699999000,$owner\n33699999001,26201\n");
}


sub random { return int(rand(1) * $_[0]) }


# Records of the self-test, many requests a connection.

sub whoami {
    my (@queries) = @_;
    my @records;

    while (my @batch = splice(@queries, 0, $BATCH)) {
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
            PeerPort => $t->{port}{plain}) or die "connect: $!\n";
        my $text = '';

        for my $i (0 .. $#batch) {
            print {$socket} "GET /whoami$batch[$i] HTTP/1.1\r\nHost: x\r\n"
                . ($i == $#batch ? "Connection: close\r\n" : '') . "\r\n";
        }

        $socket->flush();
        1 while $socket->sysread($text, 65536, length($text));
        push(@records, map { decode_json($_) }
                       $text =~ /\r\n\r\n(\{.*?\})(?=HTTP|\z)/sg);
    }

    return @records;
}


sub is_line {
    my ($what, $number, $mvno, $evidence) = @_;
    my $record = $t->get("http://127.0.0.1:$t->{port}{plain}/whoami",
                         from => '127.0.0.2',
                         headers => ["X-MSISDN: $number"])->{json};

    is_deeply([@$record{qw(identity operator mvno evidence)}],
              ['accepted', 'demo_fr', $mvno, $evidence], $what);
}


# Memory of all processes in kB; what they share is counted once.

sub memory {
    my $sum = 0;

    for my $pid ($t->master(), $t->workers()) {
        my ($pss) = read_file("/proc/$pid/smaps_rollup") =~ /^Pss:\s+(\d+)/m;

        $sum += $pss;
    }

    return $sum;
}
