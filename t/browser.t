#!/usr/bin/perl

# The pages as shoppers meet them, in a real browser: the scenarios of
# t/browser, whose pictures are kept in run/screenshots.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file root service write_file);
use Carrierpay::Test::Smtp;
use Cwd qw(getcwd);
use File::Basename qw(basename);
use Test::More;

my $dir = "$FindBin::Bin/browser";

install();

my $smtp = Carrierpay::Test::Smtp->start();
my $t = Carrierpay::Test->start(gateway => 1, sms => 1,
    confirm_after => '2s', sandbox => 'delay=8s',
    http => 'carrierpay_smtp ' . $smtp->parameters() . ';',
    operator_sms => 'title "Demo France"; sms sandbox; sms_from 38888;');
my $screenshots = service('workspace', root()) =~ s/\s+$//r . '/screenshots';

mkdir("$t->{root}/browser");
mkdir($screenshots);
unlink(glob("$screenshots/*.png"));

%ENV = (
    %ENV,
    CARRIERPAY_PLAIN => $t->url('plain', ''),
    CARRIERPAY_TLS => $t->url('tls', ''),
    CARRIERPAY_GATEWAY => "http://127.0.0.1:$t->{port}{gateway}",
    CARRIERPAY_KEY => $t->{env}{CARRIERPAY_KEY},
    CARRIERPAY_FRAMED_KEY => framed(),
    CARRIERPAY_ROOT => $t->{root},
    CARRIERPAY_HOME => "$t->{root}/browser",
    CARRIERPAY_SCREENSHOTS => $screenshots,
    CARRIERPAY_PAUSE => 2100,
    NODE_EXTRA_CA_CERTS => "$t->{root}/demo.crt",
);

# CARRIERPAY_SCENARIOS=one_tap:pin chooses files.

my @chosen = split(/:/, $ENV{CARRIERPAY_SCENARIOS} // '');
my @files = @chosen ? map { "$dir/$_.js" } @chosen
                    : sort(glob("$dir/*.js"));

# Three files run at a time: much of what a shopper does is waiting.

my @running = map { launch($_) } splice(@files, 0, 3);

while (my $run = shift(@running)) {
    subtest($run->{name} => sub { play($run->{output}) });
    push(@running, launch(shift(@files))) if @files;
}

# Installs what the lock file says; npm is asked only when that has changed.

sub install {
    my $lock = read_file("$dir/package-lock.json");
    my $installed = "$dir/node_modules/.installed";

    return if (eval { read_file($installed) } // '') eq $lock;

    my $before = getcwd();
    my @command = qw(npm ci --omit=optional --no-audit --no-fund --silent);

    chdir($dir) or die "$dir: $!\n";
    system(@command) == 0
        or die "the browser tests' packages were not installed;"
               . " in $dir, run: npm ci\n";
    chdir($before) or die "$before: $!\n";
    write_file($installed, $lock);
}

# The key of another merchant, whose site may show our pages in a frame.

sub framed {
    my $merchant = $t->admin(qw(merchant add), 'Framed shop');

    $t->admin(qw(merchant set), $merchant, '--frames=https://shop.example');
    $t->admin(qw(contract add), $merchant, qw(demo_fr --share=3000 --fee=500
              --from=2025-01-01));

    return $t->admin(qw(key add), $merchant);
}

sub launch {
    my ($file) = @_;

    open(my $output, '-|', 'node', $file) or die "node: $!\n";

    return { name => basename($file), output => $output };
}

# A file's claims become ours.

sub play {
    my ($output) = @_;
    my (@claims, $scenarios, $plan);

    while (my $line = <$output>) {
        if ($line =~ /^    (ok|not ok) \d+ - (.*)/) {
            push(@claims, { ok => $1 eq 'ok', name => $2, why => [] });

        } elsif ($line =~ /^    # ?(.*)/ && @claims) {
            push(@{ $claims[-1]{why} }, $1);

        } elsif ($line =~ /^(?:ok|not ok) \d+ - (.*)/) {
            subtest($1 => sub { claim($_) for @claims; done_testing() });
            @claims = ();
            $scenarios++;

        } elsif ($line =~ /^1\.\.(\d+)/) {
            $plan = $1;
        }
    }

    close($output);
    ok($plan && $scenarios == $plan, 'every scenario was played')
        or diag(join("\n", map { @{ $_->{why} } } @claims));
}

sub claim {
    my ($claim) = @_;

    ok($claim->{ok}, $claim->{name})
        or diag(join("\n", @{ $claim->{why} }));
}
