package Carrierpay::House;

# The C sources as t/layers.t and t/house read them: a tree of files is a hash
# of name => text, so that a self-test can give one that was never written.
#
# X.c and X.h are one room. A room needs another when it uses a function or a
# variable that the other defines, or when its header includes the other's. A
# .c file that includes a header for its types needs no room by that, and a
# module's ngx_module_t is an index into the configuration, not a use of the
# module. A folder needs another when a file of it includes a header of the
# other or a room of it needs one there.

use strict;
use warnings;

use Exporter qw(import);
use File::Basename;
use File::Find;

our @EXPORT_OK = qw(tree layer sources headers includes
                    without_comments literals code needs folders circles
                    ties);

# a layer may include those before it

my @layers = (
    'ngx_carrierpay/base',
    'ngx_carrierpay/io',
    'ngx_carrierpay/core',
    'ngx_carrierpay/operators',
    'lua-free-handlers',
);


# every file below a folder, by its name there

sub tree {
    my ($root) = @_;

    my %files;

    find({
        no_chdir => 1,
        preprocess => sub {
            return grep { !/^(\.git|build|run|node_modules)$/ } @_;
        },
        wanted => sub {
            $files{substr $_, length "$root/"} = slurp($_)
                if -f $_ && !-l $_;
        },
    }, $root);

    return %files;
}


sub slurp {
    my ($file) = @_;

    open my $in, '<:raw', $file or die "$file: $!";
    local $/;
    my $text = <$in>;

    return $text // '';
}


sub layer {
    my ($file) = @_;

    for my $i (0 .. $#layers) {
        return $i if index($file, "$layers[$i]/") == 0;
    }

    return undef;
}


sub sources {
    my ($files) = @_;

    return sort grep { /\.[ch]$/ && defined layer($_) } keys %$files;
}


# our headers, by what an include says

sub headers {
    my ($files) = @_;

    return map { basename($_) => $_ } grep { /\.h$/ } sources($files);
}


sub includes {
    my ($text) = @_;

    return without_comments($text) =~ /^\s*#\s*include\s*[<"]([^>"]+)[>"]/mg;
}


sub without_comments {
    my ($text) = @_;

    $text =~ s{ /\* .*? \*/ | ( "(?: [^"\\\n] | \\. )*" ) }{ $1 // ' ' }gsex;

    return $text;
}


# the contents of string literals; neighbours are one, as for the compiler

sub literals {
    my ($text) = @_;

    $text = without_comments($text);
    $text =~ s/^\s*#\s*include.*$//mg;
    $text =~ s/"\s*"//g;

    return $text =~ /"((?:[^"\\\n]|\\.)*)"/g;
}


sub code {
    my ($text) = @_;

    $text = without_comments($text);
    $text =~ s/"(?:[^"\\\n]|\\.)*"/""/g;

    return $text;
}


###############################################################################


# the functions and variables with linkage that a .c file defines: a function
# has its type on the line before its name, a variable stands at the margin

sub definitions {
    my ($text) = @_;

    my $code = code($text);
    my $other = qr/typedef|extern|static|struct|union|enum|ngx_module_t/;
    my @names;

    while ($code =~ /^(\w[^\n]*)\n (\w+) \( ( [^;{}]* ) \) \s* ^\{/xmg) {
        my ($type, $name) = ($1, $2);
        push @names, $name if $type !~ /\bstatic\b/;
    }

    while ($code =~ /^ (?!$other\b) [a-z] [\w\ *]*? [\ *]
                       (\w+) (?: \[ [^]]* \] )* \s* (?: = | ; )/xmg)
    {
        push @names, $1;
    }

    return @names;
}


# room => room that it needs => the names that tie it to that one

sub needs {
    my ($files) = @_;

    my (%room_of, %needs);
    my %headers = headers($files);

    for my $file (grep { /\.c$/ } sources($files)) {
        $room_of{$_} = room($file) for definitions($files->{$file});
    }

    for my $file (sources($files)) {
        my $room = room($file);
        my $needs = $needs{$room} //= {};

        for my $header ($file =~ /\.h$/ ? includes($files->{$file}) : ()) {
            $needs->{room($header)}{"#include $header"} = 1
                if defined $headers{basename($header)};
        }

        for my $name (code($files->{$file}) =~ /\b(ngx_\w+)\b/g) {
            $needs->{$room_of{$name}}{$name} = 1
                if defined $room_of{$name} && $file =~ /\.c$/;
        }

        delete $needs->{$room};
    }

    return %needs;
}


sub room {
    return basename($_[0]) =~ s/\.[ch]$//r;
}


# the same one floor up: folder => folder => "room: name" that ties them

sub folders {
    my ($files) = @_;

    my %headers = headers($files);
    my %needs = needs($files);
    my %folder_of = map { room($_) => dirname($_) } sources($files);
    my %folders = map { $_ => {} } values %folder_of;

    for my $room (keys %needs) {
        for my $other (keys %{$needs{$room}}) {
            $folders{$folder_of{$room}}{$folder_of{$other}}{"$room: $_"} = 1
                for keys %{$needs{$room}{$other}};
        }
    }

    for my $file (sources($files)) {
        for my $header (map { basename($_) } includes($files->{$file})) {
            $folders{dirname($file)}{dirname($headers{$header})}{
                room($file) . ": #include $header"} = 1
                if defined $headers{$header};
        }
    }

    delete $folders{$_}{$_} for keys %folders;

    return %folders;
}


# the sets of nodes, of two or more, in which each needs each other in the end
# (Tarjan's strongly connected components)

sub circles {
    my ($needs) = @_;

    my (%index, %low, %on, @stack, @found);
    my $walk;

    $walk = sub {
        my ($node) = @_;

        $index{$node} = $low{$node} = keys %index;
        push @stack, $node;
        $on{$node} = 1;

        for my $next (sort keys %{$needs->{$node} // {}}) {
            if (!defined $index{$next}) {
                $walk->($next);
                $low{$node} = min($low{$node}, $low{$next});

            } elsif ($on{$next}) {
                $low{$node} = min($low{$node}, $index{$next});
            }
        }

        return if $low{$node} != $index{$node};

        my @set;

        do {
            push @set, pop @stack;
            delete $on{$set[-1]};
        } until $set[-1] eq $node;

        push @found, [sort @set] if @set > 1;
    };

    for my $node (sort keys %$needs) {
        $walk->($node) if !defined $index{$node};
    }

    return @found;
}


sub min {
    my ($a, $b) = @_;

    return $a < $b ? $a : $b;
}


# the lines "a -> b: names" that tie a circle; a few names tell enough

sub ties {
    my ($needs, @set) = @_;

    my %in = map { $_ => 1 } @set;
    my @ties;

    for my $from (@set) {
        for my $to (sort grep { $in{$_} } keys %{$needs->{$from}}) {
            my @names = sort keys %{$needs->{$from}{$to}};

            splice @names, 5, @names, '… ' . (@names - 5) . ' more'
                if @names > 6;
            push @ties, "$from -> $to: " . join ', ', @names;
        }
    }

    return @ties;
}


1;
